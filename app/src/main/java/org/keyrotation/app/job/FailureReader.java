package org.keyrotation.app.job;

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
import org.jspecify.annotations.Nullable;
import org.keyrotation.model.Json;
import org.keyrotation.model.RotationFailed;
import org.keyrotation.routes.kafka.KafkaClients;

/** A consumer of the failures topic from its current end on. It gives the reasons for failures on any instance. */
final class FailureReader implements AutoCloseable {

    private static final Duration READ_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration POLL_TIMEOUT = Duration.ofMillis(100);

    private final Consumer<byte[], byte[]> consumer;
    private final Map<String, RotationFailed> byRequestId = new HashMap<>();

    private FailureReader(Consumer<byte[], byte[]> consumer) {
        this.consumer = consumer;
    }

    static FailureReader fromLatest(CamelContext context, String topic) {
        Consumer<byte[], byte[]> consumer =
                new KafkaClients(context).consumer(topic, Map.of(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false"));
        List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                .map(info -> new TopicPartition(topic, info.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToEnd(partitions);
        partitions.forEach(consumer::position); // seekToEnd is lazy: fix the position now, not at the first poll
        return new FailureReader(consumer);
    }

    /** Reads for at most {@link #READ_TIMEOUT}: the reasons are optional, as the outcomes are known without them. */
    void readToEnd() {
        Instant deadline = Instant.now().plus(READ_TIMEOUT);
        Map<TopicPartition, Long> ends = consumer.endOffsets(consumer.assignment());
        while (Instant.now().isBefore(deadline)
                && ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
            consumer.poll(POLL_TIMEOUT).forEach(this::add);
        }
    }

    /** The code and detail of the request's failure; null if unknown. */
    @Nullable
    String reason(String requestId) {
        RotationFailed failure = byRequestId.get(requestId);
        return failure == null ? null : failure.code() + ": " + failure.detail();
    }

    private void add(ConsumerRecord<byte[], byte[]> record) {
        try {
            RotationFailed failure = Json.mapper().readValue(record.value(), RotationFailed.class);
            if (failure.requestId() != null) {
                byRequestId.put(failure.requestId(), failure);
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
