package org.keyrotation.app.job;

import static java.util.stream.Collectors.toMap;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.jspecify.annotations.Nullable;
import org.keyrotation.model.Json;
import org.keyrotation.model.RequestSource;
import org.keyrotation.model.RotationFailed;
import org.keyrotation.routes.kafka.KafkaClients;

/**
 * A consumer of the failures topic from its current end on, or from an earlier time. It finds the failures of requests,
 * whichever instance had them.
 */
final class FailureReader implements AutoCloseable {

    private static final Duration READ_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration POLL_TIMEOUT = Duration.ofMillis(100);

    private static final Map<String, Object> CONSUMER = Map.of(
            ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, "10000",
            ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, "5000");

    private final Consumer<byte[], byte[]> consumer;
    private final Map<String, RotationFailed> byRequest = new HashMap<>();
    private final Map<RequestSource, RotationFailed> bySource = new HashMap<>();

    private FailureReader(Consumer<byte[], byte[]> consumer) {
        this.consumer = consumer;
    }

    static FailureReader fromLatest(CamelContext context, String topic) {
        Consumer<byte[], byte[]> consumer = new KafkaClients(context).consumer(CONSUMER);
        List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                .map(info -> new TopicPartition(topic, info.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToEnd(partitions);
        partitions.forEach(consumer::position); // seekToEnd is lazy: fix the position now, not at the first poll
        return new FailureReader(consumer);
    }

    /** Moves back to the first failure that was published at this time or later. */
    void rewind(Instant start) {
        Map<TopicPartition, Long> times = consumer.assignment().stream()
                .collect(toMap(partition -> partition, partition -> start.toEpochMilli()));
        consumer.offsetsForTimes(times).forEach((partition, found) -> {
            if (found != null && found.offset() < consumer.position(partition)) {
                consumer.seek(partition, found.offset());
            }
        });
    }

    /** Returns whether it has read every failure that was published before this call. */
    boolean readToEnd() {
        try {
            Instant deadline = Instant.now().plus(READ_TIMEOUT);
            Map<TopicPartition, Long> ends = consumer.endOffsets(consumer.assignment());
            boolean atEnd = isAt(ends);
            while (!atEnd && Instant.now().isBefore(deadline)) {
                consumer.poll(POLL_TIMEOUT).forEach(this::add);
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

    /** Returns the failure of the request, or null. Only its source identifies a request that could not be read. */
    @Nullable
    RotationFailed find(FollowedRequest followed) {
        return followed.request() == null ? bySource.get(followed.source()) : byRequest.get(followed.key());
    }

    private void add(ConsumerRecord<byte[], byte[]> record) {
        try {
            RotationFailed failure = Json.mapper().readValue(record.value(), RotationFailed.class);
            if (failure.requestId() != null && failure.credential() != null) {
                byRequest.put(FollowedRequest.key(failure.requestId(), failure.credential()), failure);
            }
            if (failure.source() != null) {
                bySource.put(failure.source(), failure);
            }
        } catch (IOException | IllegalArgumentException e) {
            // ignore a record that this service did not write
        }
    }

    @Override
    public void close() {
        consumer.close(Duration.ofSeconds(1));
    }
}
