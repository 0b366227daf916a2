package org.keyrotation.app.command;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.keyrotation.model.Json;
import org.keyrotation.model.RotationRequest;
import org.keyrotation.routes.kafka.KafkaClients;

/** The sender of requests onto the requests topic, all at once. The pace is the service's. */
final class RequestSender {

    private static final Map<String, Object> PRODUCER = Map.of(
            ProducerConfig.LINGER_MS_CONFIG, "0",
            ProducerConfig.MAX_BLOCK_MS_CONFIG, "10000",
            ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, "5000",
            ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, "10000");

    private RequestSender() {}

    /** Sends the requests, and returns the reason for each that Kafka did not acknowledge. It may be on the topic, or not. */
    static Map<RotationRequest, String> send(KafkaClients clients, String topic, List<RotationRequest> requests)
            throws InterruptedException {
        Map<RotationRequest, Future<?>> sent = new LinkedHashMap<>();
        try (Producer<byte[], byte[]> producer = clients.producer(PRODUCER)) {
            for (RotationRequest request : requests) {
                Future<?> acknowledgement = producer.send(toRecord(topic, request));
                sent.put(request, acknowledgement);
                if (acknowledgement.isDone() && failure(acknowledgement) != null) {
                    break; // each further one would block as long
                }
            }
            producer.flush();
        }
        Map<RotationRequest, String> failures = new HashMap<>();
        for (RotationRequest request : requests) {
            Future<?> acknowledgement = sent.get(request);
            String failure = acknowledgement == null ? "not sent" : failure(acknowledgement);
            if (failure != null) {
                failures.put(request, failure);
            }
        }
        return failures;
    }

    private static @Nullable String failure(Future<?> acknowledgement) throws InterruptedException {
        try {
            Object unused = acknowledgement.get();
            return null;
        } catch (ExecutionException e) {
            return "not acknowledged by Kafka: " + KafkaClients.reason(e);
        }
    }

    /** The producer's default partitioner gives the key the credential's home partition. */
    private static ProducerRecord<byte[], byte[]> toRecord(String topic, RotationRequest request) {
        try {
            return new ProducerRecord<>(
                    topic,
                    request.credential().toString().getBytes(UTF_8),
                    Json.mapper().writeValueAsBytes(request));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Cannot write a request as JSON", e);
        }
    }
}
