package org.keyrotation.app.command;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The help of a command of the start script: the script prints how it starts the JVM. */
@Command(
        name = "java-options",
        description = {
            "Prints the options, the class path and the main class with which the script starts this JVM.",
            "",
            "java @FILE, with this output in the file, starts key-rotation without a shell, as a container image wants it."
                    + " Run it after warm-up: the class archive is one of the options.",
            ""
        },
        sortOptions = false,
        usageHelpAutoWidth = true,
        footerHeading = "%nExample:%n",
        footer = {"  key-rotation java-options > java.options", "  java @java.options serve"})
final class JavaOptionsCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        throw new ParameterException(
                spec.commandLine(), "java-options: expected bin/key-rotation java-options, without another argument");
    }
}
