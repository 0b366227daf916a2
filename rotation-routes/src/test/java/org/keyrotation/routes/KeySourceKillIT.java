package org.keyrotation.routes;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.keyrotation.model.ClientKeyRotated;
import org.keyrotation.model.CredentialId;
import org.keyrotation.model.Json;
import org.keyrotation.sandbox.KeyEvents;
import org.keyrotation.sandbox.SandboxBroker;
import org.keyrotation.sandbox.TopicClient;

/** A host of the Kamelet {@code rotated-client-keys-source} that is killed at each step on the way of a key. */
@ExtendWith(TestTopicsExtension.class)
@Tag("kamelets")
@Execution(ExecutionMode.CONCURRENT)
class KeySourceKillIT {

    private static final Duration ACTIVATION_DELAY = Duration.ofSeconds(4);
    private static final int KEYS_OF_THE_STORM = 24;
    private static final int KILLS_OF_THE_STORM = 3;

    private final SandboxBroker broker;
    private final String topic = TopicClient.uniqueName("keys");
    private final String acknowledgements = TopicClient.uniqueName("acknowledgements");
    private final String group = TopicClient.uniqueName("shop");

    private final Path folder;
    private final List<Path> outputs = new ArrayList<>();

    KeySourceKillIT(SandboxBroker broker, @TempDir Path folder) {
        this.broker = broker;
        this.folder = folder;
        broker.createTopic(topic, 2, Map.of("cleanup.policy", "compact"));
        broker.createTopic(acknowledgements, 2, Map.of("cleanup.policy", "compact"));
    }

    @Test
    void killedWhileTheKeyWaits() throws Exception {
        Process host = start(false);
        awaitMember();
        ClientKeyRotated key = publish(1);
        kill(host);

        assertDeliveredAfterARestart(key);
    }

    @Test
    void killedInTheRoute() throws Exception {
        Process host = start(true);
        ClientKeyRotated key = publish(1);
        awaitLine(KeySourceHost.RECEIVED + key.keyFingerprint());
        kill(host);
        assertThat(broker.topics().recordCount(acknowledgements)).isZero();

        assertDeliveredAfterARestart(key);
    }

    /** Before its acknowledgement or after it, and before its offset is committed or after it: as it comes. */
    @Test
    void killedAfterTheRoute() throws Exception {
        Process host = start(false);
        ClientKeyRotated key = publish(1);
        awaitLine(KeySourceHost.DELIVERED + key.keyFingerprint());
        kill(host);

        assertDeliveredAfterARestart(key);
    }

    @Test
    void killedAfterTheAcknowledgement() throws Exception {
        Process host = start(false);
        ClientKeyRotated key = publish(1);
        eventually(() -> broker.topics().recordCount(acknowledgements) > 0);
        kill(host);

        assertDeliveredAfterARestart(key);
    }

    @Test
    void killedAtAnyTime() throws Exception {
        Random random = new Random(4_711);
        List<ClientKeyRotated> keys = new ArrayList<>();
        for (int kills = 0; kills < KILLS_OF_THE_STORM; kills++) {
            Process host = start(false);
            awaitMember();
            for (int i = 0; i < KEYS_OF_THE_STORM / KILLS_OF_THE_STORM; i++) {
                keys.add(publish(keys.size()));
                Thread.sleep(random.nextInt(600));
            }
            kill(host);
        }

        assertDeliveredAfterARestart(keys.toArray(ClientKeyRotated[]::new));
    }

    private void assertDeliveredAfterARestart(ClientKeyRotated... keys) throws Exception {
        Process host = start(false);
        try {
            eventually(() -> broker.topics().lag(group, topic) == 0);
        } finally {
            host.destroy();
        }
        for (ClientKeyRotated key : keys) {
            assertThat(lines().filter(line -> line.equals(KeySourceHost.DELIVERED + key.keyFingerprint())))
                    .as(key.credential().toString())
                    .isNotEmpty();
            assertThat(lines().filter(line -> line.startsWith(KeySourceHost.RECEIVED + key.keyFingerprint())))
                    .allSatisfy(line -> assertThat(Instant.parse(line.substring(line.lastIndexOf(' ') + 1)))
                            .isAfterOrEqualTo(key.usableFrom()));
        }
        assertThat(broker.topics().readAll(acknowledgements).stream().map(each -> new String(each.key(), UTF_8)))
                .containsAll(
                        Stream.of(keys).map(key -> key.credential() + "/shop").toList());
    }

    private Process start(boolean hangs) throws IOException {
        Path resources = Files.createDirectory(folder.resolve("host-" + outputs.size()));
        String kamelet = "camel.kamelet.rotated-client-keys-source.";
        HostProcess.write(
                Map.of(
                        "camel.component.kafka.brokers",
                        broker.bootstrapServers(),
                        "camel.component.kafka.session-timeout-ms",
                        "6000",
                        kamelet + "topic",
                        topic,
                        kamelet + "consumerGroup",
                        group,
                        kamelet + "acknowledgeAs",
                        "shop",
                        kamelet + "acknowledgementsTopic",
                        acknowledgements,
                        "host.hangs",
                        String.valueOf(hangs)),
                resources.resolve("application.properties"));
        outputs.add(resources.resolve("output"));
        return HostProcess.start(KeySourceHost.class.getName(), resources);
    }

    private static void kill(Process host) {
        host.destroyForcibly().onExit().join();
    }

    private void awaitMember() {
        eventually(() -> broker.topics().activeMembers(group) > 0);
    }

    private void awaitLine(String start) {
        eventually(() -> lines().anyMatch(line -> line.startsWith(start)));
    }

    private static void eventually(Callable<Boolean> condition) {
        await().atMost(TestTopics.TIMEOUT).pollInterval(Duration.ofMillis(20)).until(condition);
    }

    /** The lines of all hosts so far. */
    private Stream<String> lines() {
        return outputs.stream().flatMap(output -> {
            try {
                return Files.readAllLines(output).stream();
            } catch (IOException e) {
                return Stream.empty();
            }
        });
    }

    private ClientKeyRotated publish(int number) throws IOException {
        ClientKeyRotated event = KeyEvents.rotatedNow(
                new CredentialId(TestTopics.COMPANY, "S2-" + number), "key-" + number, ACTIVATION_DELAY);
        broker.topics()
                .send(
                        topic,
                        event.credential().toString().getBytes(UTF_8),
                        Json.mapper().writeValueAsBytes(event));
        return event;
    }
}
