package org.keyrotation.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.keyrotation.routes.TestTopics.COMPANY;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
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

/** The host applications of the README that need a JVM of their own: their files, started as the README starts them. */
@ExtendWith(SandboxExtension.class)
@Tag("embedding")
@Execution(ExecutionMode.CONCURRENT)
class ReadmeHostsIT {

    private static final Duration TIMEOUT = Duration.ofMinutes(2);
    private static final String CREDENTIAL = "S2-0001";

    private static final String KAMELET = "camel.kamelet.rotate-client-key-action.";

    private SimulatedManagementApi api;
    private TestTopics topics;

    @BeforeEach
    void setUp(SandboxBroker broker, SimulatedManagementApi freshApi) {
        api = freshApi;
        api.addCredential(COMPANY, CREDENTIAL);
        topics = TestTopics.of(broker, freshApi);
    }

    @Test
    void plainJavaRotatesAtOnce(@TempDir Path resources) throws Exception {
        Map<String, String> properties = topics.properties();
        properties.putAll(Readme.properties(
                "Plain Java",
                Map.of("kafka.brokers", topics.broker().bootstrapServers(), "rotation.api.key", api.apiKey())));
        HostProcess.write(properties, resources.resolve("rotation.properties"));

        Process host = start("org.keyrotation.routes.examples.RotateNow", resources);

        assertThat(host.waitFor(TIMEOUT.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(resources.resolve("output")).content().contains("Rotated[").doesNotContain(currentKey());
        assertThat(host.exitValue()).isZero();
        assertThat(topics.lastKey(CREDENTIAL)).isEqualTo(currentKey());
    }

    @Test
    @Tag("kamelets")
    void camelMainLoadsTheCamelFolder(@TempDir Path resources) throws Exception {
        List<String> routes = Readme.blocks("YAML and Kamelets", "yaml");
        Files.createDirectory(resources.resolve("camel"));
        Files.writeString(resources.resolve("camel/rotation.yaml"), routes.get(0));
        Files.writeString(resources.resolve("camel/ends.yaml"), routes.get(1));
        HostProcess.write(kameletProperties(), resources.resolve("application.properties"));

        Process host = start("org.apache.camel.main.Main", resources);
        try {
            await().atMost(TIMEOUT)
                    .failFast("the host has ended", () -> !host.isAlive())
                    .until(() -> Files.readString(resources.resolve("output"))
                            .contains("New key of " + COMPANY + "/" + CREDENTIAL));
        } finally {
            host.destroy();
        }
        assertThat(topics.lastKey(CREDENTIAL)).isEqualTo(currentKey());
        assertThat(resources.resolve("output")).content().doesNotContain(currentKey());
    }

    /** With the logging of the README; it has another name here, because the tests have a logback-test.xml of their own. */
    private static Process start(String mainClass, Path resources) throws IOException {
        Files.writeString(resources.resolve("logback-test.xml"), Readme.block("Loggers that print secrets", "xml"));
        return HostProcess.start(mainClass, resources);
    }

    private Map<String, String> kameletProperties() {
        Map<String, String> properties = Readme.properties(
                "YAML and Kamelets",
                Map.of(
                        "camel.component.kafka.brokers",
                        topics.broker().bootstrapServers(),
                        KAMELET + "apiKey",
                        api.apiKey()));
        properties.put(KAMELET + "baseUrl", topics.property("rotation.api.base-url"));
        properties.put(KAMELET + "ledgerTopic", topics.ledgerTopic());
        properties.put(KAMELET + "keysTopic", topics.keysTopic());
        properties.put(KAMELET + "failuresTopic", topics.failuresTopic());
        properties.put(KAMELET + "satisfiedTopic", topics.satisfiedTopic());
        properties.put(KAMELET + "requestsTopic", topics.requestsTopic());
        properties.put(KAMELET + "retryTopicPrefix", topics.property("rotation.topics.retry-prefix"));
        properties.put("camel.kamelet.rotated-client-keys-source.topic", topics.keysTopic());
        // by default, when it works: five minutes later
        properties.put("camel.kamelet.rotated-client-keys-source.deliver", "at-once");
        return properties;
    }

    private String currentKey() {
        return api.truth().currentKey(COMPANY, CREDENTIAL);
    }
}
