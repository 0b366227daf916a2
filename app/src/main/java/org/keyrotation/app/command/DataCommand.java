package org.keyrotation.app.command;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParentCommand;

/** A command that prints data. Its JSON document is printed, and valid by its schema, also if the command fails. */
abstract class DataCommand implements Callable<Integer> {

    @ParentCommand
    KeyRotation program;

    @Mixin
    Output output;

    /** Returns the document of a command that failed before it had data. */
    abstract Object failed(List<String> problems);
}
