package org.keyrotation.app.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.keyrotation.model.Json;

/** The new keys as they come in, and when the broker took them. */
final class Results implements AutoCloseable {

    private static final Duration SELDOM = Duration.ofMillis(100);

    private final KafkaConsumer<String, byte[]> consumer;
    private final List<ConsumerRecord<String, byte[]>> all = new ArrayList<>();

    /** @param at in milliseconds of the epoch, by the broker */
    record Result(int request, String credential, String clientKey, long at) {}

    Results(String brokers, String topic, int partitions) {
        this.consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", brokers, "auto.offset.reset", "earliest", "max.poll.records", "5000"),
                new StringDeserializer(),
                new ByteArrayDeserializer());
        consumer.assign(IntStream.range(0, partitions)
                .mapToObj(partition -> new TopicPartition(topic, partition))
                .toList());
    }

    /** How many there are so far. */
    int poll(Duration patience) {
        consumer.poll(patience).forEach(all::add);
        return all.size();
    }

    /** The same, and costs the broker and the cores less, which the contender is to have. */
    int pollSeldom() {
        LockSupport.parkNanos(SELDOM.toNanos());
        return poll(Duration.ZERO);
    }

    /** In order within each credential. */
    List<Result> all() {
        return all.stream().map(Results::read).toList();
    }

    long[] times() {
        return all.stream().mapToLong(ConsumerRecord::timestamp).sorted().toArray();
    }

    private static Result read(ConsumerRecord<String, byte[]> found) {
        try {
            JsonNode event = Json.mapper().readTree(found.value());
            return new Result(
                    Load.number(event.get("requestId").textValue()),
                    found.key(),
                    event.get("clientKey").textValue(),
                    found.timestamp());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        consumer.close();
    }
}
