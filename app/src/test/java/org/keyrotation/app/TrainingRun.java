package org.keyrotation.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.keyrotation.model.CredentialId;
import org.keyrotation.sandbox.SandboxBroker;
import org.keyrotation.sandbox.SimulatedManagementApi;

/**
 * The training run of the container image. The service rotates keys beside a broker and a simulated API, and its JVM writes
 * an AOT cache of what it loaded and linked. A JVM before Java 25 makes the class archive of the distribution instead.
 *
 * @see <a href="https://openjdk.org/jeps/514">JEP 514: Ahead-of-Time Command-Line Ergonomics</a>
 */
final class TrainingRun {

    private static final int ROTATIONS = 20;

    private final Path home;

    private TrainingRun(Path home) {
        this.home = home;
    }

    /** Takes the directory of the distribution, and writes java.options there. */
    public static void main(String[] args) {
        BuildStep.runAndExit(() -> new TrainingRun(Path.of(args[0]).toAbsolutePath()).run());
    }

    private void run() throws IOException {
        if (Runtime.version().feature() < 25) {
            output("", "warm-up");
            writeJavaOptions("");
        } else {
            Path cache = home.resolve("lib/key-rotation.aot");
            train(cache);
            writeJavaOptions("-XX:AOTCache=" + cache);
        }
    }

    private void train(Path cache) throws IOException {
        try (SandboxBroker broker = SandboxBroker.start();
                SimulatedManagementApi api = SimulatedManagementApi.start()) {
            AppFixture fixture = new AppFixture(broker, api);
            AppProcess.Launch launch = launch(
                            "-Xmx256m -XX:AOTCacheOutput=" + cache) // a large heap has other object references
                    .environment("CAMEL_COMPONENT_KAFKA_BROKERS", broker.bootstrapServers())
                    .environment(
                            "CAMEL_MANAGEMENT_PORT",
                            Integer.toString(fixture.management().port()))
                    .environment("ROTATION_API_KEY", api.apiKey());
            fixture.properties().forEach((name, value) -> launch.environment(AppProcess.variable(name), value));
            try (AppProcess service = launch.start()) {
                service.awaitReady();
                for (CredentialId credential : fixture.credentials(ROTATIONS)) {
                    fixture.request(credential);
                }
                fixture.awaitKeyEvents(ROTATIONS);
                fixture.awaitAllCommitted();
                service.handle().destroy();
                assertThat(service.exit()).as(service.toString()).isEqualTo(143);
            }
            assertThat(cache).isNotEmptyFile();
        }
    }

    private void writeJavaOptions(String javaOpts) throws IOException {
        Files.writeString(home.resolve("java.options"), output(javaOpts, "java-options") + "\n");
    }

    private String output(String javaOpts, String command) {
        try (AppProcess process = launch(javaOpts, command).start()) {
            assertThat(process.exit()).as(process.toString()).isZero();
            return process.lines().collect(Collectors.joining("\n"));
        }
    }

    private AppProcess.Launch launch(String javaOpts, String... command) {
        return AppProcess.command(home.resolve("bin/key-rotation"))
                .arguments((Object[]) command)
                .environment("JAVA_HOME", System.getProperty("java.home"))
                .environment("JAVA_OPTS", javaOpts)
                .environment("PATH", System.getenv("PATH"));
    }
}
