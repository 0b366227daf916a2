package org.keyrotation.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The script {@code bin/key-rotation} as it is before it starts a JVM; {@link DistributionIT} starts one. */
class StartScriptTest {

    private static final String ARGUMENTS = "printf '%s\\n' \"$@\"";
    private static final Path SCRIPT = Path.of("src/main/dist/bin/key-rotation").toAbsolutePath();

    @ParameterizedTest
    @ValueSource(strings = {"src/main/dist/bin/key-rotation", "../.ci/run"})
    void shellcheckFindsNothing(String script) {
        OptionalProgram.assumeInstalled("shellcheck", "check the shell scripts");
        try (AppProcess shellcheck =
                AppProcess.command("shellcheck", Path.of(script)).start()) {
            assertThat(shellcheck.exit()).as(shellcheck.output()).isZero();
        }
    }

    @Test
    void missingJavaIsOneLine(@TempDir Path directory) throws IOException {
        for (String tool : new String[] {"dirname", "readlink", "sed"}) {
            Files.createSymbolicLink(
                    directory.resolve(tool), OptionalProgram.onPath(tool).orElseThrow());
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

    @Test
    void optionsOfJavaOptsComeAfterTheDefaults(@TempDir Path directory) throws IOException {
        Path home = install(directory, ARGUMENTS);
        Path archive = Files.writeString(home.resolve("lib/key-rotation-25.jsa"), "");

        assertThat(options(home, "-Xmx1g -XX:SharedArchiveFile=other"))
                .containsSubsequence(
                        "-XX:SharedArchiveFile=" + archive,
                        "-Xmx1g",
                        "-XX:SharedArchiveFile=other",
                        "org.keyrotation.app.RotationApp");
    }

    /** The JVM does not start with both. */
    @ParameterizedTest
    @ValueSource(strings = {"JAVA_OPTS", "JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS"})
    void aotCacheOfAVariableReplacesTheClassArchive(String variable, @TempDir Path directory) throws IOException {
        Path home = install(directory, ARGUMENTS);
        Files.writeString(home.resolve("lib/key-rotation-25.jsa"), "");

        assertThat(options(installed(home).environment(variable, "-XX:AOTCache=mine")))
                .noneMatch(option -> option.startsWith("-XX:SharedArchiveFile"));
    }

    /** The JVM does not start with two collectors. */
    @ParameterizedTest
    @ValueSource(strings = {"-XX:+UseG1GC", "-Xmx1g -XX:+UseSerialGC", "@jvm.options", "-XX:Flags=jvm.flags"})
    void collectorOfJavaOptsReplacesTheDefault(String javaOpts, @TempDir Path directory) throws IOException {
        assertThat(options(install(directory, ARGUMENTS), javaOpts)).doesNotContain("-XX:+UseParallelGC");
    }

    @ParameterizedTest
    @ValueSource(strings = {"JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS"})
    void collectorOfAVariableThatTheJvmReadsReplacesTheDefault(String variable, @TempDir Path directory)
            throws IOException {
        assertThat(options(installed(install(directory, ARGUMENTS)).environment(variable, "-Xmx1g -XX:+UseG1GC")))
                .doesNotContain("-XX:+UseParallelGC");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-XX:-UseG1GC", "-XX:+UseNUMA -XX:MaxGCPauseMillis=50"})
    void otherOptionsKeepTheDefaultCollector(String javaOpts, @TempDir Path directory) throws IOException {
        assertThat(options(install(directory, ARGUMENTS), javaOpts)).contains("-XX:+UseParallelGC");
    }

    @ParameterizedTest
    @CsvSource({"17.0.15, false", "24.0.2, false", "25.0.3, true", "26, true"})
    void objectHeadersAreCompactFromJava25On(String version, boolean areCompact, @TempDir Path directory)
            throws IOException {
        Path home = install(directory, ARGUMENTS);
        Files.writeString(home.resolve("jvm/release"), "JAVA_VERSION=\"" + version + "\"\n");

        assertThat(options(home, "").contains("-XX:+UseCompactObjectHeaders")).isEqualTo(areCompact);
    }

    @Test
    void warmUpWithoutClassListIsOneLine(@TempDir Path directory) throws IOException {
        Path home = install(directory, "echo was started >&2");

        assertEnds(
                installed(home, "warm-up"),
                1,
                home.resolve("lib/key-rotation.classlist") + ": missing, expected the class list of the distribution");
    }

    @Test
    void warmUpInAFolderThatIsNotWritableIsOneLine(@TempDir Path directory) throws IOException {
        Path home = install(directory, "echo was started >&2");
        Files.writeString(home.resolve("lib/key-rotation.classlist"), "");
        assertThat(home.resolve("lib").toFile().setWritable(false)).isTrue();
        assumeFalse(Files.isWritable(home.resolve("lib")), "root may write everywhere");

        assertEnds(
                installed(home, "warm-up"),
                1,
                home.resolve("lib") + ": not writable, expected a user that may write the class archive");
    }

    @Test
    void warmUpOfJava17InAFolderWithABlankIsOneLine(@TempDir Path directory) throws IOException {
        Path home = install(Files.createDirectory(directory.resolve("with blank")), "echo was started >&2");
        Files.writeString(home.resolve("jvm/release"), "JAVA_VERSION=\"17.0.15\"\n");
        Files.writeString(home.resolve("lib/key-rotation.classlist"), "");

        assertEnds(
                installed(home, "warm-up"),
                1,
                home.resolve("lib") + ": has a blank, expected a path without one: Java 17 uses no archive there");
    }

    @Test
    void failedWarmUpLeavesTheArchiveAsItWas(@TempDir Path directory) throws IOException {
        Path home = install(directory, "for last; do :; done; : > \"${last#*=}\"; exit 1");
        Files.writeString(home.resolve("lib/key-rotation.classlist"), "");
        Path archive = Files.writeString(home.resolve("lib/key-rotation-25.jsa"), "old");

        assertEnds(installed(home, "warm-up"), 1, "the JVM could not make " + archive);
        assertThat(archive).hasContent("old");
        assertThat(archive.getParent()).isDirectoryNotContaining("glob:**.jsa.*");
    }

    /** Installs the script beside a JVM that is this shell command. */
    private static Path install(Path directory, String java) throws IOException {
        Path home = directory.toRealPath();
        executable(home.resolve("jvm/bin/java"), java);
        Files.writeString(home.resolve("jvm/release"), "JAVA_VERSION=\"25.0.3\"\n");
        Files.createDirectories(home.resolve("lib"));
        Files.copy(SCRIPT, Files.createDirectories(home.resolve("bin")).resolve("key-rotation"));
        return home;
    }

    private static AppProcess.Launch installed(Path home, String... arguments) {
        return AppProcess.command(home.resolve("bin/key-rotation"))
                .arguments((Object[]) arguments)
                .environment("PATH", System.getenv("PATH"))
                .environment("JAVA_HOME", home.resolve("jvm").toString());
    }

    private static List<String> options(Path home, String javaOptions) {
        return options(installed(home).environment("JAVA_OPTS", javaOptions));
    }

    private static List<String> options(AppProcess.Launch launch) {
        try (AppProcess script = launch.start()) {
            assertThat(script.exit()).as(script.output()).isZero();
            return script.lines().toList();
        }
    }

    private static AppProcess.Launch javaHome(Path directory) {
        return AppProcess.command(SCRIPT)
                .environment("PATH", System.getenv("PATH"))
                .environment("JAVA_HOME", directory.toString());
    }

    private static void assertRefused(AppProcess.Launch launch, String problem) {
        assertEnds(launch, 2, problem);
    }

    private static void assertEnds(AppProcess.Launch launch, int status, String problem) {
        try (AppProcess script = launch.start()) {
            assertThat(script.exit()).isEqualTo(status);
            assertThat(script.output().strip()).isEqualTo("key-rotation: " + problem);
        }
    }

    private static Path executable(Path file, String command) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, "#!/bin/sh\n" + command + "\n");
        assertThat(file.toFile().setExecutable(true)).isTrue();
        return file;
    }
}
