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

/** A consumer of the new keys with the broker's timestamps. */
final class ResultConsumer implements AutoCloseable {

    private static final Duration INFREQUENT_POLL = Duration.ofMillis(100);

    private final KafkaConsumer<String, byte[]> consumer;
    private final List<ConsumerRecord<String, byte[]>> all = new ArrayList<>();

    /** @param at in milliseconds since the epoch, by the broker's clock */
    record Result(int request, String credential, String clientKey, long at) {}

    ResultConsumer(String brokers, String topic, int partitions) {
        this.consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", brokers, "auto.offset.reset", "earliest", "max.poll.records", "5000"),
                new StringDeserializer(),
                new ByteArrayDeserializer());
        consumer.assign(IntStream.range(0, partitions)
                .mapToObj(partition -> new TopicPartition(topic, partition))
                .toList());
    }

    /** Polls and returns the number of keys so far. */
    int poll(Duration timeout) {
        consumer.poll(timeout).forEach(all::add);
        return all.size();
    }

    /** Polls at intervals, to leave the broker and the CPU to the implementation. */
    int pollInfrequently() {
        LockSupport.parkNanos(INFREQUENT_POLL.toNanos());
        return poll(Duration.ZERO);
    }

    /** All results, in order within each credential. */
    List<Result> all() {
        return all.stream().map(ResultConsumer::read).toList();
    }

    long[] times() {
        return all.stream().mapToLong(ConsumerRecord::timestamp).sorted().toArray();
    }

    private static Result read(ConsumerRecord<String, byte[]> record) {
        try {
            JsonNode event = Json.mapper().readTree(record.value());
            return new Result(
                    LoadGenerator.number(event.get("requestId").textValue()),
                    record.key(),
                    event.get("clientKey").textValue(),
                    record.timestamp());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        consumer.close();
    }
}
