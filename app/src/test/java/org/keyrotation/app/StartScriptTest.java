package org.keyrotation.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The script {@code bin/key-rotation} as it is before it starts a JVM; {@link DistributionIT} starts one. */
class StartScriptTest {

    private static final Path SCRIPT = Path.of("src/main/dist/bin/key-rotation").toAbsolutePath();

    @ParameterizedTest
    @ValueSource(strings = {"src/main/dist/bin/key-rotation", "../.ci/run"})
    void shellcheckFindsNothing(String script) {
        assumeTrue(isInstalled("shellcheck"), "shellcheck is missing");
        try (AppProcess shellcheck =
                AppProcess.command("shellcheck", Path.of(script)).start()) {
            assertThat(shellcheck.exit()).as(shellcheck.output()).isZero();
        }
    }

    @Test
    void missingJavaIsOneLine(@TempDir Path directory) throws IOException {
        for (String tool : new String[] {"dirname", "readlink", "sed"}) {
            Files.createSymbolicLink(
                    directory.resolve(tool), onPath(tool).findFirst().orElseThrow());
        }

        assertRefused(
                AppProcess.command(SCRIPT).environment("PATH", directory.toString()),
                "no java on the PATH and no JAVA_HOME, expected a Java 17 or newer");
    }

    @Test
    void javaHomeWithoutJavaIsOneLine(@TempDir Path directory) {
        assertRefused(
                javaHome(directory),
                "JAVA_HOME: '" + directory + "' has no bin/java, expected the directory of a Java 17 or newer");
    }

    @Test
    void oldJavaIsOneLineAndIsNotStarted(@TempDir Path directory) throws IOException {
        Path java = executable(directory.resolve("bin/java"), "echo was started >&2");
        Files.writeString(directory.resolve("release"), "IMPLEMENTOR=\"Debian\"\nJAVA_VERSION=\"1.8.0_402\"\n");

        assertRefused(javaHome(directory), java + ": version 8, expected a Java 17 or newer");
    }

    @Test
    void oldJavaWithoutAFileThatSaysItsVersionIsOneLine(@TempDir Path directory) throws IOException {
        Path java = executable(directory.resolve("bin/java"), "echo 'openjdk version \"11.0.2\" 2019-01-15' >&2");

        assertRefused(javaHome(directory), java + ": version 11, expected a Java 17 or newer");
    }

    private static AppProcess.Launch javaHome(Path directory) {
        return AppProcess.command(SCRIPT)
                .environment("PATH", System.getenv("PATH"))
                .environment("JAVA_HOME", directory.toString());
    }

    private static void assertRefused(AppProcess.Launch launch, String problem) {
        try (AppProcess script = launch.start()) {
            assertThat(script.exit()).isEqualTo(2);
            assertThat(script.output().strip()).isEqualTo("key-rotation: " + problem);
        }
    }

    private static Path executable(Path file, String command) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, "#!/bin/sh\n" + command + "\n");
        assertThat(file.toFile().setExecutable(true)).isTrue();
        return file;
    }

    /** Prints one line if the program is missing. */
    private static boolean isInstalled(String program) {
        boolean isInstalled = onPath(program).findAny().isPresent();
        if (!isInstalled) {
            System.err.println("SKIPPED: cannot check the shell scripts, no " + program + " on the PATH");
        }
        return isInstalled;
    }

    private static Stream<Path> onPath(String program) {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator, -1))
                .map(directory -> Path.of(directory, program))
                .filter(Files::isExecutable);
    }
}
