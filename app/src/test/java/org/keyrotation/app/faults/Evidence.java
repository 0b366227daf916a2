package org.keyrotation.app.faults;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.keyrotation.model.ClientKeyRotated;
import org.keyrotation.model.CredentialId;
import org.keyrotation.model.Json;
import org.keyrotation.model.RotationEvent;
import org.keyrotation.model.RotationFailed;
import org.keyrotation.sandbox.Truth;

/** Reads the topics and asks the API for the truth: what the judge is given. */
final class Evidence {

    private final FaultTestFixture stage;

    Evidence(FaultTestFixture stage) {
        this.stage = stage;
    }

    History gather() throws IOException {
        return new History(
                stage.requests.asked(),
                published(stage.work.keys, ClientKeyRotated.class),
                published(stage.work.failures, RotationFailed.class),
                truth(),
                stage.offsets.uncommitted(stage::isWork),
                leaks());
    }

    private <E extends RotationEvent> List<Published<E>> published(String topic, Class<E> type) throws IOException {
        List<Published<E>> events = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> found : stage.broker.topics().readAll(topic)) {
            Header id = found.headers().lastHeader("ce_id");
            String ceId = id == null ? "(none)" : new String(id.value(), UTF_8);
            events.add(new Published<>(ceId, Json.mapper().readValue(found.value(), type)));
        }
        return events;
    }

    private Map<CredentialId, ApiState> truth() {
        Truth api = stage.api.truth();
        Map<CredentialId, ApiState> truth = new LinkedHashMap<>();
        for (CredentialId each : stage.credentials) {
            truth.put(
                    each,
                    new ApiState(
                            api.currentKey(each.companyId(), each.apiCredentialId()),
                            api.generations(each.companyId(), each.apiCredentialId())));
        }
        return truth;
    }

    /** Everywhere but on the keys topic, which is where client keys belong. */
    private List<String> leaks() {
        List<String> places = new ArrayList<>(stage.heard.places());
        Set<String> topics = new TreeSet<>();
        stage.offsets.ends(this::mustBeClean).keySet().stream()
                .map(TopicPartition::topic)
                .forEach(topics::add);
        for (String topic : topics) {
            stage.broker.topics().readAll(topic).stream()
                    .filter(stage.heard.leaks()::in)
                    .map(found -> topic + "-" + found.partition() + "-" + found.offset())
                    .forEach(places::add);
        }
        return places;
    }

    private boolean mustBeClean(String topic) {
        return stage.isWork(topic)
                || Set.of(stage.work.failures, stage.work.ledger).contains(topic);
    }
}
