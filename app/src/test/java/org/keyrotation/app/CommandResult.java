package org.keyrotation.app;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.Properties;
import org.keyrotation.app.command.KeyRotation;

/** The exit status and the output of a command that ran in the JVM of the test: a JVM of its own costs more. */
public record CommandResult(int exit, String out, String err) {

    /** Runs a command with these arguments. Its settings come from {@code --config}: the environment is that of the test. */
    public static CommandResult of(String... arguments) {
        PrintStream standardOut = System.out;
        PrintStream standardErr = System.err;
        Properties properties = (Properties) System.getProperties().clone();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        System.setOut(new PrintStream(out, true, UTF_8));
        System.setErr(new PrintStream(err, true, UTF_8));
        try {
            int exit = KeyRotation.execute(arguments);
            return new CommandResult(exit, out.toString(UTF_8), err.toString(UTF_8));
        } finally {
            System.setOut(standardOut);
            System.setErr(standardErr);
            System.setProperties(properties); // a command sets some for Camel
        }
    }
}
