package org.keyrotation.app.faults;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
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
import org.keyrotation.model.RequestSatisfied;
import org.keyrotation.model.RotationEvent;
import org.keyrotation.model.RotationFailed;
import org.keyrotation.sandbox.GroundTruth;

/** Reads the judge's input from the topics and the simulated API. */
final class HistoryReader {

    private final FaultTestFixture fixture;

    HistoryReader(FaultTestFixture fixture) {
        this.fixture = fixture;
    }

    History read() throws IOException {
        return new History(
                fixture.requests.sent(),
                published(fixture.appFixture.keys, ClientKeyRotated.class),
                published(fixture.appFixture.failures, RotationFailed.class),
                published(fixture.appFixture.satisfied, RequestSatisfied.class),
                fixture.maybeSilent,
                truth(),
                reportedDrift(),
                fixture.offsets.uncommitted(fixture::isRequestsOrRetry),
                leaks());
    }

    private <E extends RotationEvent> List<PublishedEvent<E>> published(String topic, Class<E> type)
            throws IOException {
        List<PublishedEvent<E>> events = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record : fixture.broker.topics().readAll(topic)) {
            Header id = record.headers().lastHeader("ce_id");
            String ceId = id == null ? "(none)" : new String(id.value(), UTF_8);
            events.add(new PublishedEvent<>(ceId, Json.mapper().readValue(record.value(), type)));
        }
        return events;
    }

    /** Returns the last event of each credential. */
    Map<CredentialId, ClientKeyRotated> lastKeys() throws IOException {
        Map<CredentialId, ClientKeyRotated> last = new LinkedHashMap<>();
        published(fixture.appFixture.keys, ClientKeyRotated.class)
                .forEach(published -> last.put(published.event().credential(), published.event()));
        return last;
    }

    Set<String> reportedDrift() throws IOException {
        Set<String> fingerprints = new TreeSet<>();
        for (ConsumerRecord<byte[], byte[]> record : fixture.broker.topics().readAll(fixture.appFixture.ledger)) {
            JsonNode drift = Json.mapper().readTree(record.value()).path("drift");
            if (drift.isObject()) {
                fingerprints.add(drift.path("keyFingerprint").asText());
            }
        }
        return fingerprints;
    }

    private Map<CredentialId, ApiState> truth() {
        GroundTruth api = fixture.api.truth();
        Map<CredentialId, ApiState> truth = new LinkedHashMap<>();
        for (CredentialId each : fixture.credentials) {
            truth.put(
                    each,
                    new ApiState(
                            api.currentKey(each.companyId(), each.apiCredentialId()),
                            api.generations(each.companyId(), each.apiCredentialId())));
        }
        return truth;
    }

    /** Scans every topic except the keys topic, where client keys belong. */
    private List<String> leaks() {
        List<String> places = new ArrayList<>(fixture.leakCollector.places());
        Set<String> topics = new TreeSet<>();
        fixture.offsets.endOffsets(this::mustNotLeak).keySet().stream()
                .map(TopicPartition::topic)
                .forEach(topics::add);
        for (String topic : topics) {
            fixture.broker.topics().readAll(topic).stream()
                    .filter(fixture.leakCollector.scanner()::containsSecret)
                    .map(record -> topic + "-" + record.partition() + "-" + record.offset())
                    .forEach(places::add);
        }
        return places;
    }

    private boolean mustNotLeak(String topic) {
        return fixture.isRequestsOrRetry(topic)
                || Set.of(
                                fixture.appFixture.failures,
                                fixture.appFixture.satisfied,
                                fixture.appFixture.ledger,
                                fixture.acknowledgements)
                        .contains(topic);
    }
}
