package org.keyrotation.app.job;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.camel.CamelContext;
import org.apache.camel.component.kafka.KafkaComponent;
import org.apache.camel.component.kafka.KafkaConfiguration;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.keyrotation.model.Json;
import org.keyrotation.model.RotationFailed;

/** A consumer of the failures topic from its current end on. It gives the reasons for failures on any instance. */
final class FailureReader implements AutoCloseable {

    private static final Duration READ_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration POLL_TIMEOUT = Duration.ofMillis(100);

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Map<String, RotationFailed> byRequestId = new HashMap<>();

    private FailureReader(KafkaConsumer<byte[], byte[]> consumer) {
        this.consumer = consumer;
    }

    static FailureReader fromLatest(CamelContext context, String topic) {
        KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(consumerProperties(context));
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

    private static Properties consumerProperties(CamelContext context) {
        KafkaConfiguration kafka =
                context.getComponent("kafka", KafkaComponent.class).getConfiguration();
        Properties properties = kafka.createConsumerProperties();
        properties.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, kafka.getBrokers());
        properties.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class.getName());
        properties.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class.getName());
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        properties.remove(ConsumerConfig.GROUP_ID_CONFIG);
        return properties;
    }

    @Override
    public void close() {
        consumer.close(Duration.ofSeconds(1));
    }
}
