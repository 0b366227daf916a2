package org.keyrotation.app.command;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The help of a command of the start script: the script runs the JVM that makes the class archive, instead of the app. */
@Command(
        name = "warm-up",
        description = {
            "Makes the class archive for this JVM and these jars, from which all commands start faster.",
            "",
            "It takes about 10 seconds, and needs neither Kafka nor the API. Run it once after an installation, and after"
                    + " each update of the JVM or of a jar. An archive that does not fit is not used.",
            ""
        },
        sortOptions = false,
        usageHelpAutoWidth = true)
final class WarmUpCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        throw new ParameterException(
                spec.commandLine(), "warm-up: expected bin/key-rotation warm-up, without another argument");
    }
}
