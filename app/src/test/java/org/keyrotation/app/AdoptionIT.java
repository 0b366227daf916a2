package org.keyrotation.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.keyrotation.model.ClientKeyRotated;
import org.keyrotation.model.CredentialId;
import org.keyrotation.model.Json;
import org.keyrotation.model.KeyAcknowledgement;
import org.keyrotation.sandbox.SandboxBroker;
import org.keyrotation.sandbox.SandboxExtension;
import org.keyrotation.sandbox.SimulatedManagementApi;
import org.keyrotation.sandbox.TopicClient;

/** Three consumers of one key: a consumer group, one that acknowledges, and one that sleeps. */
@ExtendWith(SandboxExtension.class)
class AdoptionIT {

    private static final Duration OVERLAP = Duration.ofSeconds(60);
    private static final String STATE = "state of the credential";
    private static final Duration TIMEOUT = Duration.ofMinutes(2);

    private final String group = TopicClient.uniqueName("pos");
    private final String acknowledgements = TopicClient.uniqueName("acknowledgements");

    private final Path directory;

    private SandboxBroker broker;
    private SimulatedManagementApi api;
    private AppFixture fixture;
    private CredentialId credential;

    AdoptionIT(@TempDir Path directory) {
        this.directory = directory;
    }

    @BeforeEach
    void setUp(SandboxBroker shared, SimulatedManagementApi fresh) throws Exception {
        broker = shared;
        api = fresh;
        fixture = new AppFixture(shared, fresh);
        credential = fixture.credential(1);
    }

    @Test
    @Tag("I2")
    @Tag("I7")
    void consumersGoThroughEveryStateToMissedAndNothingIsRotatedForIt() throws Exception {
        try (AppProcess service = fixture.launch().properties(adoption()).start()) {
            service.awaitReady();
            assertThat(metric("missed_total", "sleeper")).isZero();
            fixture.request(credential);
            ClientKeyRotated key = fixture.awaitKeyEvents(1).get(0);
            fixture.awaitAllCommitted();

            assertThat(status()).containsAllEntriesOf(consumers("PENDING", "PENDING", "PENDING"));
            commitOffset();
            assertThat(status()).containsAllEntriesOf(consumers("RECEIVED", "PENDING", "PENDING"));
            acknowledge("checkout", key);
            assertThat(status()).containsAllEntriesOf(consumers("RECEIVED", "ADOPTED", "PENDING"));

            assertForceIsAskedForTwice();

            await().atMost(TIMEOUT)
                    .until(() -> metric("pending", "checkout") == 0 && metric("pending", "sleeper") == 1);
            assertThat(metric("pending", group)).isOne();
            assertThat(fixture.management().metric("rotation_adoption_time_left_seconds"))
                    .hasValueSatisfying(left -> assertThat(left).isBetween(0.0, (double) OVERLAP.toSeconds()));
            service.line("sleeper has not adopted 1 new keys; the first of the previous keys expires at ");

            await().atMost(TIMEOUT).until(() -> Instant.now().isAfter(key.previousKeyExpiresAt()));
            assertThat(status())
                    .containsEntry(STATE, "UNADOPTED")
                    .containsAllEntriesOf(consumers("MISSED", "ADOPTED", "MISSED"));
            await().atMost(TIMEOUT).until(() -> metric("missed_total", "sleeper") == 1);
            assertThat(metric("missed_total", group)).isOne();
            assertThat(metric("missed_total", "checkout")).isZero();

            acknowledge("sleeper", key);
            acknowledge(group, key);
            assertThat(status())
                    .containsEntry(STATE, "FRESH")
                    .containsAllEntriesOf(consumers("ADOPTED", "ADOPTED", "ADOPTED"));
            await().atMost(TIMEOUT).until(() -> metric("pending", "sleeper") == 0);
            assertThat(metric("missed_total", "sleeper")).isOne();
        }
        assertThat(api.generateRequests()).hasSize(1);
    }

    private Map<String, String> adoption() {
        return Map.of(
                "rotation.topics.acknowledgements",
                acknowledgements,
                "rotation.adoption.consumers",
                group + ", checkout, sleeper",
                "rotation.activation-delay",
                "PT0S",
                "rotation.overlap",
                OVERLAP.toString());
    }

    private Path config() throws IOException {
        return Files.writeString(directory.resolve("rotation.properties"), fixture.configuration(adoption()));
    }

    /** Returns the state of the credential, and of each consumer. */
    private Map<String, String> status() throws IOException {
        CommandResult ended = CommandResult.of("status", credential.toString(), "-o", "json", "--config=" + config());
        assertThat(ended.exit()).as(ended.toString()).isZero();
        JsonNode status = JsonDocument.of(ended.out(), "status-report").at("/credentials/0");
        Map<String, String> states =
                new TreeMap<>(StreamSupport.stream(status.path("adoption").spliterator(), false)
                        .collect(toMap(each -> each.path("consumer").asText(), each -> each.path("state")
                                .asText())));
        states.put(STATE, status.path("state").asText());
        return states;
    }

    private Map<String, String> consumers(String ofGroup, String ofCheckout, String ofSleeper) {
        return Map.of(group, ofGroup, "checkout", ofCheckout, "sleeper", ofSleeper);
    }

    private void assertForceIsAskedForTwice() {
        AppProcess.Launch launch = fixture.launch().arguments("rotate", credential, "--reason", "leak", "--force");
        try (AppProcess rotate = launch.properties(adoption()).onTerminal().start()) {
            rotate.line("1 forced rotation at ");
            rotate.send("1");
            rotate.line("  %s: %s, sleeper".formatted(credential, group));
            rotate.send("no");
            assertThat(rotate.exit()).as(rotate.toString()).isEqualTo(4);
        }
    }

    private double metric(String name, String consumer) throws Exception {
        return fixture.management()
                .metric("rotation_adoption_%s{consumer=\"%s\"}".formatted(name, consumer))
                .orElseThrow();
    }

    private void commitOffset() {
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        broker.bootstrapServers(),
                        ConsumerConfig.GROUP_ID_CONFIG,
                        group,
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                        "earliest"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            consumer.subscribe(List.of(fixture.keys));
            await().pollInSameThread().atMost(TIMEOUT).until(() -> !consumer.poll(Duration.ofMillis(100))
                    .isEmpty());
            consumer.commitSync();
        }
    }

    private void acknowledge(String consumer, ClientKeyRotated key) throws IOException {
        KeyAcknowledgement acknowledgement = KeyAcknowledgement.of(consumer, key, Instant.now());
        broker.topics()
                .send(
                        acknowledgements,
                        acknowledgement.recordKey().getBytes(UTF_8),
                        Json.mapper().writeValueAsBytes(acknowledgement));
    }
}
