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
import org.keyrotation.sandbox.Topics;

/** Makes requests, and notes down what must become of each. */
final class Requests {

    private final Topics topics;
    private final String topic;
    private final List<Asked> asked = new ArrayList<>();

    Requests(Topics topics, String topic) {
        this.topics = topics;
        this.topic = topic;
    }

    /** With the key of its credential, so that it is in its home partition. */
    void ask(RotationRequest request) {
        ask(request, request.credential().toString());
    }

    void ask(RotationRequest request, @Nullable String key) {
        asked.add(send(request, key));
    }

    /** Its credential, or the API, is no good. */
    void askInVain(RotationRequest request, FailureCode code) {
        asked.add(send(request, request.credential().toString()).failing(code));
    }

    /** What cannot be read as a request. */
    void askInVain(String text, FailureCode code) {
        asked.add(new Asked(place(send("anything", text)), null, Instant.now(), code));
    }

    /** Once more, as it was sent before. */
    void repeat(RotationRequest request) {
        send(request.credential().toString(), json(request));
    }

    List<Asked> asked() {
        return List.copyOf(asked);
    }

    int count() {
        return asked.size();
    }

    private Asked send(RotationRequest request, @Nullable String key) {
        RecordMetadata place = send(key, json(request));
        RotationRequest made = request.completed(place(place), Instant.ofEpochMilli(place.timestamp()));
        return Asked.of(requireNonNull(made.requestId()), made.credential(), requireNonNull(made.requestedAt()));
    }

    private RecordMetadata send(@Nullable String key, String text) {
        return topics.send(topic, key == null ? null : key.getBytes(UTF_8), text.getBytes(UTF_8));
    }

    private static String place(RecordMetadata place) {
        return place.topic() + "-" + place.partition() + "-" + place.offset();
    }

    private static String json(RotationRequest request) {
        try {
            return Json.mapper().writeValueAsString(request);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
