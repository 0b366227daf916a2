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

/** Why requests failed that were made since this was asked; by whichever instance. */
final class FailureReader implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration PAUSE = Duration.ofMillis(100);

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Map<String, RotationFailed> byRequestId = new HashMap<>();

    private FailureReader(KafkaConsumer<byte[], byte[]> consumer) {
        this.consumer = consumer;
    }

    static FailureReader fromNowOn(CamelContext context, String topic) {
        KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(properties(context));
        List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                .map(info -> new TopicPartition(topic, info.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToEnd(partitions);
        partitions.forEach(consumer::position); // or it would be the end as of the first poll
        return new FailureReader(consumer);
    }

    /** For a while: what a request came to is known without them. */
    void readToTheEnd() {
        Instant deadline = Instant.now().plus(PATIENCE);
        Map<TopicPartition, Long> ends = consumer.endOffsets(consumer.assignment());
        while (Instant.now().isBefore(deadline)
                && ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
            consumer.poll(PAUSE).forEach(this::note);
        }
    }

    /** The code and what it means, where it is known. */
    @Nullable
    String reason(String requestId) {
        RotationFailed failure = byRequestId.get(requestId);
        return failure == null ? null : failure.code() + ": " + failure.detail();
    }

    private void note(ConsumerRecord<byte[], byte[]> message) {
        try {
            RotationFailed failure = Json.mapper().readValue(message.value(), RotationFailed.class);
            if (failure.requestId() != null) {
                byRequestId.put(failure.requestId(), failure);
            }
        } catch (IOException | IllegalArgumentException e) {
            // not one of ours
        }
    }

    private static Properties properties(CamelContext context) {
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
