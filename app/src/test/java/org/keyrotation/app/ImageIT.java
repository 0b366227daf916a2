package org.keyrotation.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Map;
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

    private static final String CONTEXT = AppProcess.target("container");

    /** The service promises to end within this time. */
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
        Path etc = Files.createDirectory(directory.resolve("etc"));
        Files.writeString(
                etc.resolve("rotation.properties"),
                fixture.configuration(Map.of("rotation.api.key-file", "/run/secrets/api-key")));
        Path secrets = Files.createDirectory(directory.resolve("secrets"));
        Files.writeString(secrets.resolve("api-key"), api.apiKey() + "\n");
        broker.createTopic(fixture.requests, 4, Map.of("compression.type", "zstd")); // needs a native library
        broker.createTopic(fixture.keys, 4, Map.of("cleanup.policy", "compact"));
        fixture.request(fixture.credential(1));

        try (AppProcess service = service(etc, secrets).start()) {
            fixture.awaitKeyEvents(1);
            report(java, "first key", startedAt());
            service.awaitReady();

            tools.podman("healthcheck", "run", "service"); // exits with 0 if it is healthy
            assertThat(tools.podman("inspect", "--format={{json .State.Health.Log}}", "service"))
                    .contains("ready  ok");
            assertThat(inContainer("id", "-u")).isEqualTo("10001");
            assertThatThrownBy(() -> inContainer("touch", "/opt/key-rotation/file"))
                    .hasMessageContaining("Read-only file system");

            String refuseToStartWithout = java.equals("25") ? "-XX:AOTMode=on" : "-Xshare:on";
            assertThat(inContainer("java", refuseToStartWithout, "@/opt/key-rotation/java.options", "--version"))
                    .startsWith("key-rotation");

            Instant stoppedAt = Instant.now();
            tools.podman("stop", "--time", Long.toString(GRACE_PERIOD.toSeconds()), "service");
            assertThat(service.exit()).as(service.toString()).isIn(0, 143);
            report(java, "stop", stoppedAt);
        } finally {
            tools.podman("rm", "--force", "--ignore", "service");
        }
    }

    private void build(String java) throws IOException {
        Path debian = directory.resolve("debian.tar");
        DebianRoot.bootstrap(debian, "ca-certificates,libstdc++6");
        Path javaHome = directory.resolve("java");
        DebianRoot.copyJava(java, javaHome);
        tools.importBase(debian, javaHome, "docker.io/library/eclipse-temurin:" + java + "-jre");
        String[] build = {
            "build",
            "--isolation",
            "chroot",
            "--pull-never",
            "--format",
            "docker",
            "--build-arg",
            "JAVA_VERSION=" + java
        };
        tools.buildah(Stream.of(
                        Stream.of(build),
                        Stream.of("--file", CONTEXT + "/Containerfile", "--tag", "key-rotation", CONTEXT))
                .flatMap(each -> each)
                .toArray(String[]::new));
    }

    private AppProcess.Launch service(Path etc, Path secrets) {
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
                        "--env=JDK_JAVA_OPTIONS=-Xms200m -Xmx256m",
                        "--env=ROTATION_CONFIG=/etc/key-rotation/rotation.properties",
                        "--volume=" + etc + ":/etc/key-rotation:ro",
                        "--volume=" + secrets + ":/run/secrets:ro",
                        "key-rotation")
                .environment("PATH", System.getenv("PATH"));
    }

    private String inContainer(String... command) {
        return tools.podman(
                Stream.concat(Stream.of("exec", "service"), Stream.of(command)).toArray(String[]::new));
    }

    /** Without the creation of the container, which copies the image here. */
    private Instant startedAt() {
        String time = tools.podman("inspect", "--format={{json .State.StartedAt}}", "service");
        return OffsetDateTime.parse(time.replace("\"", "")).toInstant();
    }

    private static void report(String java, String what, Instant since) {
        double seconds = Duration.between(since, Instant.now()).toMillis() / 1e3;
        System.err.printf("Image with Java %s: %s after %.1f s%n", java, what, seconds);
    }
}
