package org.keyrotation.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.keyrotation.routes.TestTopics.COMPANY;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.keyrotation.sandbox.SandboxBroker;
import org.keyrotation.sandbox.SandboxExtension;
import org.keyrotation.sandbox.SimulatedManagementApi;

/** A Camel Main host application, as the README shows it. */
@ExtendWith(SandboxExtension.class)
@Tag("embedding")
@Execution(ExecutionMode.CONCURRENT)
class MainHostIT {

    private static final String HEADING = "Camel Main";
    private static final Duration START_TIMEOUT = Duration.ofMinutes(2);
    private static final String APPLICATION = "org.keyrotation.routes.examples.KeyRotation";

    private SimulatedManagementApi api;
    private TestTopics topics;

    @BeforeEach
    void setUp(SandboxBroker broker, SimulatedManagementApi fresh) {
        api = fresh;
        api.addCredential(COMPANY, "S2-1");
        topics = TestTopics.of(broker, fresh);
    }

    @Test
    void readmeShowsTheTestedApplication() throws IOException {
        Path source = Path.of("src/test/java", APPLICATION.replace('.', '/') + ".java");

        assertThat(Readme.block(HEADING, "java").lines())
                .hasSize(10)
                .containsExactlyElementsOf(
                        Files.readString(source).lines().skip(2).toList());
    }

    @Test
    void requestIsRotatedAndItsKeyPublished(@TempDir Path resources) throws Exception {
        Map<String, String> properties = topics.properties();
        properties.putAll(Readme.properties(
                HEADING,
                Map.of(
                        "camel.component.kafka.brokers",
                        topics.broker().bootstrapServers(),
                        "rotation.api.key",
                        api.apiKey())));
        HostProcess.write(properties, resources.resolve("application.properties"));
        Process application = HostProcess.start(APPLICATION, resources);
        try {
            await(application, () -> topics.broker().topics().activeMembers(topics.group()) > 0);
            topics.request("S2-1");
            await(application, () -> !topics.rotated().isEmpty());

            assertThat(topics.lastKey("S2-1")).isEqualTo(api.truth().currentKey(COMPANY, "S2-1"));
        } finally {
            application.destroy();
        }
        assertThat(application.waitFor(30, TimeUnit.SECONDS)).isTrue();
    }

    private static void await(Process application, Callable<Boolean> condition) {
        Awaitility.await()
                .atMost(START_TIMEOUT)
                .failFast("the application has ended", () -> !application.isAlive())
                .until(condition);
    }
}
