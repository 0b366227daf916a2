package org.keyrotation.routes.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.keyrotation.model.ClientKeyRotated;
import org.keyrotation.model.Json;
import org.keyrotation.model.KeyAcknowledgement;

final class KeyConsumer {

    private final String topic;
    private final String acknowledgements;
    private final FrontEnd frontEnd;

    /** Stands for whatever uses the key. */
    interface FrontEnd {
        void use(ClientKeyRotated key);
    }

    KeyConsumer(String topic, String acknowledgements, FrontEnd frontEnd) {
        this.topic = topic;
        this.acknowledgements = acknowledgements;
        this.frontEnd = frontEnd;
    }

    void run(Consumer<byte[], byte[]> consumer, Producer<byte[], byte[]> producer, BooleanSupplier isRunning)
            throws Exception {
        consumer.subscribe(List.of(topic));
        while (isRunning.getAsBoolean()) {
            ConsumerRecords<byte[], byte[]> records = consumer.poll(Duration.ofSeconds(1));
            consumer.resume(consumer.paused());
            for (TopicPartition partition : records.partitions()) {
                for (ConsumerRecord<byte[], byte[]> received : records.records(partition)) {
                    ClientKeyRotated key = Json.mapper().readValue(received.value(), ClientKeyRotated.class);
                    if (key.usableFrom().isAfter(Instant.now())) {
                        consumer.seek(partition, received.offset()); // until the next poll
                        consumer.pause(Set.of(partition));
                        break;
                    }
                    frontEnd.use(key);
                    KeyAcknowledgement used = KeyAcknowledgement.of("shop", key, Instant.now());
                    byte[] json = Json.mapper().writeValueAsBytes(used);
                    producer.send(new ProducerRecord<>(
                                    acknowledgements, used.recordKey().getBytes(UTF_8), json))
                            .get();
                }
            }
            consumer.commitSync();
        }
    }
}
