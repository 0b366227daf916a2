package org.keyrotation.app.page;

import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * A command to copy into a shell.
 *
 * @param purpose what the command does
 */
record Command(String purpose, String text) {

    private static final String PROGRAM = "key-rotation ";

    static Command of(String purpose, String... arguments) {
        return new Command(
                purpose, PROGRAM + Arrays.stream(arguments).map(Command::quoted).collect(Collectors.joining(" ")));
    }

    /** A requestId is a stranger's text: the shell must not see anything in it. */
    private static String quoted(String argument) {
        return argument.matches("[A-Za-z0-9._/@-]+") ? argument : "'" + argument.replace("'", "'\\''") + "'";
    }
}
