package org.keyrotation.app;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** A program that a test needs and that a machine may lack: {@code .ci/run} installs them. */
final class OptionalProgram {

    private OptionalProgram() {}

    /** Skips the test, with one line, if the program is not on the PATH. */
    static void assumeInstalled(String program, String purpose) {
        boolean isInstalled = onPath(program).isPresent();
        if (!isInstalled) {
            System.err.println("SKIPPED: cannot " + purpose + ", no " + program + " on the PATH");
        }
        assumeTrue(isInstalled, program + " is missing");
    }

    static Optional<Path> onPath(String program) {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator, -1))
                .map(directory -> Path.of(directory, program))
                .filter(Files::isExecutable)
                .findFirst();
    }
}
