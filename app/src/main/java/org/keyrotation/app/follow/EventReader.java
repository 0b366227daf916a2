package org.keyrotation.app.follow;

import static java.util.stream.Collectors.toMap;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.keyrotation.model.Json;
import org.keyrotation.routes.kafka.KafkaClients;

/** A reader of the events on a topic, from its current end on or from an earlier time, whichever instance has published them. */
public final class EventReader implements AutoCloseable {

    /** The clocks of a producer and of this process differ by less. */
    public static final Duration MAX_CLOCK_SKEW = Duration.ofHours(1);

    private static final Duration READ_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration POLL_TIMEOUT = Duration.ofMillis(100);

    private static final Map<String, Object> CONSUMER = Map.of(
            ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, "10000",
            ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, "5000",
            // A close waits for the fetch that is in flight, which has nothing to return at the end of a topic.
            ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, "20");

    private final org.apache.kafka.clients.consumer.Consumer<byte[], byte[]> consumer;
    private final Consumer<ConsumerRecord<byte[], byte[]>> records;
    private long readCount;

    private EventReader(
            org.apache.kafka.clients.consumer.Consumer<byte[], byte[]> consumer,
            Consumer<ConsumerRecord<byte[], byte[]>> records) {
        this.consumer = consumer;
        this.records = records;
    }

    /**
     * Creates a reader that is at the current end of the topic. A topic that does not exist has no event.
     *
     * @param events receives each event that is read. A record that is no such event is skipped
     */
    public static <E> EventReader fromLatest(KafkaClients clients, String topic, Class<E> type, Consumer<E> events) {
        return fromLatest(clients, topic, parser(type, events));
    }

    /**
     * Reads all events that the topic holds and that were published at this time or later.
     *
     * @throws IllegalStateException if the brokers do not answer; its message has the reason
     */
    public static <E> void readAll(
            KafkaClients clients, String topic, Instant start, Class<E> type, Consumer<E> events) {
        readAll(clients, topic, start, parser(type, events));
    }

    /** Does the same with records. */
    public static void readAll(
            KafkaClients clients, String topic, Instant start, Consumer<ConsumerRecord<byte[], byte[]>> records) {
        try (EventReader reader = fromLatest(clients, topic, records)) {
            reader.rewind(start);
            reader.readOn(clients, topic);
        } catch (KafkaException e) {
            throw new IllegalStateException(clients.noAnswer(e), e);
        }
    }

    private static EventReader fromLatest(
            KafkaClients clients, String topic, Consumer<ConsumerRecord<byte[], byte[]>> records) {
        var consumer = clients.consumer(CONSUMER);
        try {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(topic, info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToEnd(partitions);
            partitions.forEach(consumer::position); // seekToEnd is lazy: fix the position now, not at the first poll
            return new EventReader(consumer, records);
        } catch (RuntimeException e) {
            consumer.close(Duration.ofSeconds(1));
            throw e;
        }
    }

    private static <E> Consumer<ConsumerRecord<byte[], byte[]>> parser(Class<E> type, Consumer<E> events) {
        return polled -> parse(polled, type).ifPresent(events);
    }

    /** Returns the event of this record, if the record is one: anyone can write to a topic. */
    @SuppressWarnings("UnusedException") // the reason does not matter
    public static <E> Optional<E> parse(ConsumerRecord<byte[], byte[]> polled, Class<E> type) {
        try {
            return polled.value() == null
                    ? Optional.empty()
                    : Optional.ofNullable(Json.mapper().readValue(polled.value(), type)); // null of JSON null
        } catch (IOException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** A long topic may take any time, but not without progress. */
    private void readOn(KafkaClients clients, String topic) {
        long before;
        do {
            before = readCount;
            if (readToEnd()) {
                return;
            }
        } while (readCount > before);
        throw new IllegalStateException(
                "Kafka at %s sent no record of %s within %s".formatted(clients.brokers(), topic, READ_TIMEOUT));
    }

    /** Moves back to the first event that was published at this time or later. */
    public void rewind(Instant start) {
        Map<TopicPartition, Long> times = consumer.assignment().stream()
                .collect(toMap(partition -> partition, partition -> Math.max(0, start.toEpochMilli())));
        consumer.offsetsForTimes(times).forEach((partition, found) -> {
            if (found != null && found.offset() < consumer.position(partition)) {
                consumer.seek(partition, found.offset());
            }
        });
    }

    /** Returns whether it has read every event that was published before this call. */
    public boolean readToEnd() {
        try {
            Instant deadline = Instant.now().plus(READ_TIMEOUT);
            Map<TopicPartition, Long> ends = consumer.endOffsets(consumer.assignment());
            boolean atEnd = isAt(ends);
            while (!atEnd && Instant.now().isBefore(deadline)) {
                consumer.poll(POLL_TIMEOUT).forEach(this::read);
                atEnd = isAt(ends);
            }
            return atEnd;
        } catch (RetriableException e) {
            return false; // the brokers do not answer now
        }
    }

    private boolean isAt(Map<TopicPartition, Long> ends) {
        return ends.entrySet().stream().allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
    }

    private void read(ConsumerRecord<byte[], byte[]> polled) {
        readCount++;
        records.accept(polled);
    }

    @Override
    public void close() {
        consumer.close(Duration.ofSeconds(1));
    }
}
