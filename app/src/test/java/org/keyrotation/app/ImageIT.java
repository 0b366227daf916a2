package org.keyrotation.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.keyrotation.sandbox.SandboxBroker;
import org.keyrotation.sandbox.SandboxExtension;
import org.keyrotation.sandbox.SimulatedManagementApi;

/**
 * Builds the container image, and runs it: {@code mvn -Pimage verify}. No registry is there, so the base image is made of
 * Debian's packages and a JVM of this machine, under the name that the Containerfile expects.
 */
@Tag("image")
@ExtendWith(SandboxExtension.class)
class ImageIT {

    private static final Path CONTAINERFILE =
            Path.of("src/main/deploy/container/Containerfile").toAbsolutePath();

    /** Kubernetes kills a container that has not ended by then. */
    private static final Duration GRACE_PERIOD = Duration.ofSeconds(30);

    private final Path directory = Path.of(AppProcess.target("image"));
    private final ContainerTools tools = new ContainerTools(directory);

    @BeforeEach
    void emptyTheDirectory() throws IOException {
        ContainerTools.output(AppProcess.command("rm", "-rf", directory));
        Files.createDirectories(directory);
    }

    @ParameterizedTest
    @Execution(ExecutionMode.SAME_THREAD)
    @ValueSource(strings = {"25", "17"})
    void serviceRotatesWithoutRightsOnAReadOnlyRootAndStopsInTime(
            String java, SandboxBroker broker, SimulatedManagementApi api) throws IOException {
        ContainerTools.assumeInstalled();
        build(java);
        AppFixture fixture = new AppFixture(broker, api);
        Path config = config(fixture, broker);
        Path apiKey = Files.writeString(directory.resolve("api-key"), api.apiKey() + "\n");
        broker.createTopic(fixture.requests, 4, Map.of("compression.type", "zstd")); // needs a native library
        broker.createTopic(fixture.keys, 4, Map.of("cleanup.policy", "compact"));
        fixture.request(fixture.credential(1));

        long start = System.nanoTime();
        try (AppProcess service = service(config, apiKey).start()) {
            fixture.awaitKeyEvents(1);
            report(java, "first key", start);
            service.awaitReady();

            assertThat(inContainer("java", "-Xmx32m", "@/opt/key-rotation/java.options", "check", "--local"))
                    .contains("ready  ok");
            assertThat(inContainer("id", "-u")).isEqualTo("10001");
            assertThatThrownBy(() -> inContainer("touch", "/opt/key-rotation/file"))
                    .hasMessageContaining("Read-only file system");
            assertThat(inContainer("java", "-Xshare:on", "@/opt/key-rotation/java.options", "--version"))
                    .startsWith("key-rotation");

            long stop = System.nanoTime();
            tools.podman("stop", "--time", Long.toString(GRACE_PERIOD.toSeconds()), "service");
            assertThat(service.exit()).as(service.toString()).isIn(0, 143);
            report(java, "stop", stop);
        }
    }

    private void build(String java) throws IOException {
        Path debian = directory.resolve("debian.tar");
        String bootstrap =
                ". /etc/os-release && mmdebstrap --quiet --variant=essential --include=ca-certificates,libstdc++6"
                        + " \"$VERSION_CODENAME\" \"$0\"";
        ContainerTools.output(AppProcess.command("sh", "-c", bootstrap, debian));
        tools.importBase(debian, javaHome(java), "eclipse-temurin:" + java + "-jre");
        Path context = Files.createDirectory(directory.resolve("context"));
        Files.copy(Path.of(AppProcess.target("key-rotation.tar.gz")), context.resolve("key-rotation.tar.gz"));
        String[] build = {"build", "--isolation", "chroot", "--pull-never", "--build-arg", "JAVA_VERSION=" + java};
        tools.buildah(Stream.of(
                        Stream.of(build),
                        Stream.of("--file", CONTAINERFILE.toString(), "--tag", "key-rotation", context.toString()))
                .flatMap(each -> each)
                .toArray(String[]::new));
    }

    /** Links of Debian's packages lead out of the folder: the copy has files in their place. */
    private Path javaHome(String version) throws IOException {
        Optional<Path> installed;
        try (Stream<Path> homes = Files.list(Path.of("/usr/lib/jvm"))) {
            installed = homes.filter(home -> isJava(home, version)).findFirst();
        }
        assumeTrue(installed.isPresent(), "no Java " + version + " in /usr/lib/jvm");
        Path copy = Files.createDirectory(directory.resolve("java"));
        String files =
                "cd \"$0\" && tar -ch --exclude=jmods --exclude=src.zip --ignore-failed-read . | tar -x -C \"$1\"";
        ContainerTools.output(AppProcess.command("sh", "-c", files, installed.get(), copy));
        return copy;
    }

    private static boolean isJava(Path home, String version) {
        try {
            Path release = home.resolve("release");
            return Files.exists(release) && Files.readString(release).contains("JAVA_VERSION=\"" + version + ".");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path config(AppFixture fixture, SandboxBroker broker) throws IOException {
        Map<String, String> properties = new TreeMap<>(fixture.properties());
        properties.put("camel.component.kafka.brokers", broker.bootstrapServers());
        properties.put(
                "camel.management.port", Integer.toString(fixture.management().port()));
        properties.put("rotation.api.key-file", "/run/secrets/api-key");
        String lines = properties.entrySet().stream()
                .map(property -> property.getKey() + "=" + property.getValue() + "\n")
                .collect(Collectors.joining());
        return Files.writeString(directory.resolve("rotation.properties"), lines);
    }

    private AppProcess.Launch service(Path config, Path apiKey) {
        return tools.podmanLaunch(
                        "run",
                        "--rm",
                        "--name=service",
                        "--network=host",
                        "--read-only",
                        "--read-only-tmpfs=false",
                        "--tmpfs=/tmp:exec",
                        "--cap-drop=all",
                        "--security-opt=no-new-privileges",
                        "--ulimit=nofile=1024:1024",
                        "--ulimit=nproc=4096:4096",
                        "--env=ROTATION_CONFIG=/etc/key-rotation/rotation.properties",
                        "--volume=" + config + ":/etc/key-rotation/rotation.properties:ro",
                        "--volume=" + apiKey + ":/run/secrets/api-key:ro",
                        "key-rotation")
                .environment("PATH", System.getenv("PATH"));
    }

    private String inContainer(String... command) {
        return tools.podman(
                Stream.concat(Stream.of("exec", "service"), Stream.of(command)).toArray(String[]::new));
    }

    private static void report(String java, String what, long since) {
        double seconds = (System.nanoTime() - since) / 1e9;
        System.err.printf("Image with Java %s: %s after %.1f s%n", java, what, seconds);
    }
}
