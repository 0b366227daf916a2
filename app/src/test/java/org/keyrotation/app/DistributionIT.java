package org.keyrotation.app;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.keyrotation.sandbox.SandboxBroker;
import org.keyrotation.sandbox.SandboxExtension;
import org.keyrotation.sandbox.SimulatedManagementApi;

/** The distribution, unpacked into a directory with a blank in its name, and started by its script. */
@ExtendWith(SandboxExtension.class)
@Execution(ExecutionMode.CONCURRENT)
class DistributionIT {

    private static final String JVM = System.getProperty("java.home");

    private final Path directory;
    private final Path home;

    DistributionIT(@TempDir Path directory) throws IOException {
        this.directory = directory;
        Path parent = Files.createDirectory(directory.resolve("with blanks"));
        try (AppProcess tar = command("tar", "-xzf", AppProcess.target("key-rotation.tar.gz"), "-C", parent)
                .start()) {
            assertThat(tar.exit()).as(tar.output()).isZero();
        }
        this.home = parent.resolve("key-rotation");
    }

    @Test
    void directoryAndArchiveHoldTheSame() throws IOException {
        assertThat(files(home))
                .isEqualTo(files(Path.of(AppProcess.target("key-rotation"))).stream()
                        .filter(file -> !file.endsWith(".jsa")) // it would not fit elsewhere
                        .toList())
                .contains("LICENSE", "bin/key-rotation", "conf/rotation.properties")
                .filteredOn(file -> file.matches("lib/rotation-.*\\.jar"))
                .hasSize(3);
    }

    @Test
    void serviceRunsUntilSigtermWithTheOptionsOfJavaOpts(SandboxBroker broker, SimulatedManagementApi api)
            throws Exception {
        AppFixture fixture = new AppFixture(broker, api);
        String options = fixture.properties().entrySet().stream()
                .map(property -> "-D" + property.getKey() + "=" + property.getValue())
                .collect(joining(" "));
        AppProcess.Launch launch = script().environment("JAVA_OPTS", options + "  -Dcamel.management.port=0 ")
                .environment("CAMEL_COMPONENT_KAFKA_BROKERS", broker.bootstrapServers())
                .environment("ROTATION_API_KEY", api.apiKey());
        try (AppProcess app = launch.start()) {
            assertThat(app.awaitReady()).contains(fixture.group);
            fixture.request(fixture.credential(1));
            fixture.awaitKeyEvents(1);
            assertThat(app.terminate()).isIn(0, 143);
            assertThat(app.errors()).isEmpty();
        }
    }

    @Test
    void argumentsAndExitStatusPassThroughALinkOnThePathToALink() throws IOException {
        Path bin = Files.createDirectory(directory.resolve("on the path"));
        Files.createSymbolicLink(directory.resolve("link"), Path.of("with blanks/key-rotation/bin/key-rotation"));
        Files.createSymbolicLink(bin.resolve("key-rotation"), Path.of("../link"));

        try (AppProcess app = command("sh", "-c", "exec key-rotation --config 'no  such *'")
                .environment("PATH", bin + ":" + System.getenv("PATH"))
                .start()) {
            assertThat(app.exit()).isEqualTo(2);
            assertThat(app.errors()).singleElement().asString().contains("'no  such *'");
        }
    }

    @Test
    void javaOfThePathIsTaken() {
        try (AppProcess app = command(home.resolve("bin/key-rotation"), "--help")
                .environment("PATH", JVM + "/bin:" + System.getenv("PATH"))
                .start()) {
            assertHelp(app);
        }
    }

    @Test
    void jarStartsBesideItsLibraries() {
        try (AppProcess app = command(JVM + "/bin/java", "-jar", AppProcess.target("rotation-app.jar"), "--help")
                .start()) {
            assertHelp(app);
        }
    }

    /** On JDK 17 an archive holds no class of a jar whose path has a blank. */
    @Test
    void warmUpMakesAClassArchiveThatIsIgnoredWithoutAWordOnceItDoesNotFit() throws IOException {
        Path plain = Files.move(home, directory.resolve("plain"));
        Path lib = plain.resolve("lib");
        Path archive = lib.resolve("key-rotation-" + Runtime.version().feature() + ".jsa");
        Path classList = lib.resolve("key-rotation.classlist");
        Files.writeString(
                classList, "org/keyrotation/app/RotationApp\n"); // as few as possible: a whole list takes seconds
        assertWarmUp(plain, archive);
        assertArchiveIsUsed(plain, true);

        try (Stream<Path> jars = Files.list(lib)) {
            for (Path jar :
                    jars.filter(file -> file.toString().endsWith(".jar")).toList()) {
                Files.setLastModifiedTime(jar, FileTime.from(Instant.EPOCH));
            }
        }
        assertArchiveIsUsed(plain, false);
        assertWarmUp(plain, archive);
        assertArchiveIsUsed(plain, true);
        assertThat(files(lib)).filteredOn(file -> file.contains(".jsa")).hasSize(1);

        Files.delete(archive);
        Files.writeString(archive, "no archive");
        assertArchiveIsUsed(plain, false);
    }

    private static void assertWarmUp(Path home, Path archive) {
        try (AppProcess warmUp = command(home.resolve("bin/key-rotation"), "warm-up")
                .environment("JAVA_HOME", JVM)
                .start()) {
            assertThat(warmUp.exit()).as(warmUp.output()).isZero();
            assertThat(warmUp.lines()).singleElement().asString().endsWith(archive.toString());
            assertThat(warmUp.errors()).isEmpty();
        }
    }

    @Test
    void jvmThatLacksHeapInOneThreadEnds() throws IOException {
        Path options = directory.resolve("java.options");
        try (AppProcess print = script("java-options")
                .environment("JAVA_OPTS", "-Xmx32m -XX:ErrorFile=" + directory.resolve("error.log"))
                .start()) {
            assertThat(print.exit()).as(print.output()).isZero();
            Files.write(
                    options,
                    print.lines()
                            .filter(line -> !line.contains(RotationApp.class.getName()))
                            .toList());
        }

        try (AppProcess app = command(
                        JVM + "/bin/java",
                        "@" + options,
                        "-cp",
                        AppProcess.target("test-classes"),
                        OutOfHeap.class.getName())
                .start()) {
            assertThat(app.exit()).as(app.output()).isEqualTo(1);
            assertThat(app.output()).contains("java.lang.OutOfMemoryError: Java heap space");
        }
    }

    /** A container image starts the JVM without a shell. */
    @Test
    void javaStartsWithThePrintedOptionsAlone() throws IOException {
        Path options = directory.resolve("java.options");
        try (AppProcess print = script("java-options")
                .environment("JAVA_OPTS", "-Dquoted=\"back\\slash\"")
                .start()) {
            assertThat(print.exit()).as(print.output()).isZero();
            Files.writeString(options, print.output());
        }

        try (AppProcess app =
                command(JVM + "/bin/java", "@" + options, "--help").start()) {
            assertHelp(app);
        }
        try (AppProcess app = command(JVM + "/bin/java", "-XshowSettings:properties", "@" + options, "--version")
                .start()) {
            assertThat(app.exit()).isZero();
            assertThat(app.output().lines()).anyMatch(line -> line.endsWith("quoted = \"back\\slash\""));
        }
    }

    @Test
    void heapBelowTheLimitOfTheYoungGenerationCausesNoWarning() {
        try (AppProcess app = command(home.resolve("bin/key-rotation"), "--help")
                .environment("JAVA_HOME", JVM)
                .environment("JAVA_OPTS", "-Xmx48m")
                .start()) {
            assertHelp(app);
        }
    }

    private static void assertArchiveIsUsed(Path home, boolean isUsed) {
        try (AppProcess app = command(home.resolve("bin/key-rotation"), "--help")
                .environment("JAVA_HOME", JVM)
                .environment("JAVA_OPTS", "-Xlog:class+load:stdout")
                .start()) {
            assertThat(app.exit()).isZero();
            assertThat(app.lines().filter(line -> line.contains(" org.keyrotation.app.RotationApp ")))
                    .singleElement()
                    .asString()
                    .matches(line -> line.contains("shared objects file") == isUsed);
            assertThat(app.errors()).isEmpty();
        }
    }

    private static void assertHelp(AppProcess app) {
        assertThat(app.exit()).isZero();
        assertThat(app.lines().findFirst().orElseThrow()).startsWith("Usage: ");
        assertThat(app.errors()).isEmpty();
    }

    private AppProcess.Launch script(Object... arguments) {
        return command(home.resolve("bin/key-rotation")).arguments(arguments).environment("JAVA_HOME", JVM);
    }

    private static AppProcess.Launch command(Object... command) {
        return AppProcess.command(command).environment("PATH", System.getenv("PATH"));
    }

    private static List<String> files(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> directory.relativize(file).toString())
                    .sorted()
                    .toList();
        }
    }
}
