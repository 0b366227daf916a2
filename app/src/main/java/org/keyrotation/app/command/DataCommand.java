package org.keyrotation.app.command;

import java.util.List;
import java.util.concurrent.Callable;

/** A command that prints data. Its JSON document is printed, and valid by its schema, also if the command fails. */
interface DataCommand extends Callable<Integer> {

    Output output();

    /** Returns the document of a command that failed before it had data. */
    Object failed(List<String> problems);
}
