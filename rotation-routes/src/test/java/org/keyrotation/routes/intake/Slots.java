package org.keyrotation.routes.intake;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Slots of records that were polled by a consumer which is in its group for good. */
final class Slots {

    static final String TOPIC = "rotation.requests";

    private Slots() {}

    static Slot slot(TopicPartition partition, long offset, @Nullable String key) {
        byte[] bytes = key == null ? null : key.getBytes(UTF_8);
        Lifeline lifeline = new Lifeline(Duration.ofSeconds(45), () -> 0, () -> 0);
        return new Slot(new ConsumerRecord<>(TOPIC, partition.partition(), offset, bytes, new byte[0]), 2, lifeline);
    }
}
