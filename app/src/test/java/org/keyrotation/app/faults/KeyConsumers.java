package org.keyrotation.app.faults;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.keyrotation.model.ClientKeyRotated;
import org.keyrotation.model.CredentialId;
import org.keyrotation.model.Json;
import org.keyrotation.model.KeyAcknowledgement;

/**
 * Consumers that acknowledge the keys of a scenario: one twice, one late and out of order, and one wrongly. Another one is
 * expected, and never does.
 */
final class KeyConsumers implements AutoCloseable {

    static final String TWICE = "twice";
    static final String LATE = "late";
    static final String WRONG = "wrong";
    static final String NEVER = "never";

    private final FaultTestFixture fixture;
    private final Map<CredentialId, ClientKeyRotated> previous = new ConcurrentHashMap<>();
    private volatile boolean isStopped;
    private final CompletableFuture<Void> running;

    KeyConsumers(FaultTestFixture fixture) {
        this.fixture = fixture;
        // Not the common pool: from JDK 25 on, the end of a process is reported there, by a single thread on two cores.
        this.running = CompletableFuture.runAsync(this::run, task -> new Thread(task, "key-consumers").start());
    }

    @Override
    public String toString() {
        return "keys of " + previous.size() + " credentials are acknowledged";
    }

    /** Ends once all keys of the topic are acknowledged. */
    @Override
    public void close() {
        isStopped = true;
        running.join();
    }

    private void run() {
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        fixture.broker.bootstrapServers(),
                        "group.id",
                        "consumers-of-" + fixture.appFixture.keys,
                        "auto.offset.reset",
                        "earliest"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            consumer.subscribe(List.of(fixture.appFixture.keys));
            while (!isStopped || !isAtEnd(consumer)) {
                for (ConsumerRecord<byte[], byte[]> received : consumer.poll(Duration.ofMillis(500))) {
                    acknowledge(Json.mapper().readValue(received.value(), ClientKeyRotated.class));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isAtEnd(KafkaConsumer<byte[], byte[]> consumer) {
        return !consumer.assignment().isEmpty()
                && consumer.endOffsets(consumer.assignment()).entrySet().stream()
                        .allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
    }

    private void acknowledge(ClientKeyRotated key) throws IOException {
        send(KeyAcknowledgement.of(TWICE, key, Instant.now()));
        send(KeyAcknowledgement.of(TWICE, key, Instant.now()));
        send(KeyAcknowledgement.of(LATE, key, Instant.now()));
        ClientKeyRotated before = previous.put(key.credential(), key);
        if (before != null) {
            send(KeyAcknowledgement.of(LATE, before, Instant.now()));
        }
        send(new KeyAcknowledgement(
                WRONG, key.companyId(), key.apiCredentialId(), "sha256:0123456789abcdef", Instant.now(), null));
        fixture.broker
                .topics()
                .send(fixture.acknowledgements, (key.credential() + "/" + WRONG).getBytes(UTF_8), "{".getBytes(UTF_8));
    }

    private void send(KeyAcknowledgement acknowledgement) throws IOException {
        fixture.broker
                .topics()
                .send(
                        fixture.acknowledgements,
                        acknowledgement.recordKey().getBytes(UTF_8),
                        Json.mapper().writeValueAsBytes(acknowledgement));
    }
}
