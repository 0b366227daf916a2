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

/** A consumer of the keys and failures topics that prints each outcome. */
final class OutcomePrinter implements AutoCloseable {

    private static final String KEYS_TOPIC = "rotation.keys";
    private static final Duration TIMEOUT = Duration.ofMinutes(3);

    private final Consumer<byte[], byte[]> consumer;
    private final Console console;

    OutcomePrinter(String bootstrapServers, Console console) {
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
        this.console = console;
        consumer.subscribe(List.of(KEYS_TOPIC, "rotation.failures"));
    }

    /** Prints this many outcomes. Returns whether all of them arrived and each is a key. */
    boolean print(int expected, BooleanSupplier running) throws IOException {
        Instant deadline = Instant.now().plus(TIMEOUT);
        int printed = 0;
        boolean allRotated = true;
        while (printed < expected && running.getAsBoolean() && Instant.now().isBefore(deadline)) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
                allRotated &= print(record);
                printed++;
            }
        }
        return allRotated && printed == expected;
    }

    void printWhile(BooleanSupplier running) throws IOException {
        while (running.getAsBoolean()) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
                boolean unused = print(record);
            }
        }
    }

    private boolean print(ConsumerRecord<byte[], byte[]> record) throws IOException {
        if (record.topic().equals(KEYS_TOPIC)) {
            console.rotated(Json.mapper().readValue(record.value(), ClientKeyRotated.class));
            return true;
        }
        console.failed(Json.mapper().readValue(record.value(), RotationFailed.class));
        return false;
    }

    @Override
    public void close() {
        consumer.close();
    }
}
