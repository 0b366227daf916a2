package org.keyrotation.app.faults;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.jspecify.annotations.Nullable;
import org.keyrotation.model.FailureCode;
import org.keyrotation.model.Json;
import org.keyrotation.model.RotationRequest;
import org.keyrotation.sandbox.TopicClient;

/** Sends requests and records the outcome that each must have. */
final class RequestSender {

    private final TopicClient topics;
    private final String topic;
    private final List<SentRequest> sent = new ArrayList<>();

    RequestSender(TopicClient topics, String topic) {
        this.topics = topics;
        this.topic = topic;
    }

    /** Sends the request to its home partition. */
    void send(RotationRequest request) {
        send(request, request.credential().toString());
    }

    void send(RotationRequest request, @Nullable String key) {
        sent.add(sendRecord(request, key));
    }

    /** Sends a request that must fail because of its credential or the API. */
    void sendFailing(RotationRequest request, FailureCode code) {
        sent.add(sendRecord(request, request.credential().toString()).failing(code));
    }

    /** Sends a malformed or invalid request. */
    void sendFailing(String text, FailureCode code) {
        sent.add(new SentRequest(position(send("anything", text)), null, Instant.now(), code));
    }

    /** Sends the same request again. */
    void repeat(RotationRequest request) {
        send(request.credential().toString(), json(request));
    }

    List<SentRequest> sent() {
        return List.copyOf(sent);
    }

    int count() {
        return sent.size();
    }

    private SentRequest sendRecord(RotationRequest request, @Nullable String key) {
        RecordMetadata metadata = send(key, json(request));
        RotationRequest completed = request.completed(position(metadata), Instant.ofEpochMilli(metadata.timestamp()));
        return SentRequest.of(
                requireNonNull(completed.requestId()), completed.credential(), requireNonNull(completed.requestedAt()));
    }

    private RecordMetadata send(@Nullable String key, String text) {
        return topics.send(topic, key == null ? null : key.getBytes(UTF_8), text.getBytes(UTF_8));
    }

    private static String position(RecordMetadata metadata) {
        return metadata.topic() + "-" + metadata.partition() + "-" + metadata.offset();
    }

    private static String json(RotationRequest request) {
        try {
            return Json.mapper().writeValueAsString(request);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
