package org.keyrotation.app;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.keyrotation.model.ClientKeyRotated;
import org.keyrotation.model.Json;
import org.keyrotation.model.RotationFailed;

/** Reads the keys and failures topics, as any consumer of them would, and shows what arrives. */
final class Outcomes implements AutoCloseable {

    private static final String KEYS = "rotation.keys";
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final Consumer<byte[], byte[]> consumer;
    private final Screen screen;

    Outcomes(String bootstrapServers, Screen screen) {
        Map<String, Object> config = Map.of(
                "bootstrap.servers",
                bootstrapServers,
                "group.id",
                "sandbox-" + UUID.randomUUID(),
                "auto.offset.reset",
                "earliest",
                "metadata.max.age.ms",
                "1000");
        this.consumer = new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        this.screen = screen;
        consumer.subscribe(List.of(KEYS, "rotation.failures"));
    }

    /** Whether this many outcomes came, and each was a key. */
    boolean show(int expected, BooleanSupplier running) throws IOException {
        Instant deadline = Instant.now().plus(PATIENCE);
        int shown = 0;
        boolean allRotated = true;
        while (shown < expected && running.getAsBoolean() && Instant.now().isBefore(deadline)) {
            for (ConsumerRecord<byte[], byte[]> found : consumer.poll(Duration.ofMillis(200))) {
                allRotated &= show(found);
                shown++;
            }
        }
        return allRotated && shown == expected;
    }

    void showWhile(BooleanSupplier running) throws IOException {
        while (running.getAsBoolean()) {
            for (ConsumerRecord<byte[], byte[]> found : consumer.poll(Duration.ofMillis(200))) {
                boolean unused = show(found);
            }
        }
    }

    private boolean show(ConsumerRecord<byte[], byte[]> found) throws IOException {
        if (found.topic().equals(KEYS)) {
            screen.rotated(Json.mapper().readValue(found.value(), ClientKeyRotated.class));
            return true;
        }
        screen.failed(Json.mapper().readValue(found.value(), RotationFailed.class));
        return false;
    }

    @Override
    public void close() {
        consumer.close();
    }
}
