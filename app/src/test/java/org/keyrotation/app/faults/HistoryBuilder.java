package org.keyrotation.app.faults;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.keyrotation.model.ClientKey;
import org.keyrotation.model.ClientKeyRotated;
import org.keyrotation.model.CredentialId;
import org.keyrotation.model.FailureCode;
import org.keyrotation.model.RequestSatisfied;
import org.keyrotation.model.RotationFailed;
import org.keyrotation.sandbox.Generation;

/** A builder of histories for the judge's own tests. */
final class HistoryBuilder {

    static final CredentialId CREDENTIAL = new CredentialId("Acme", "S2-1");
    static final Instant NOON = Instant.parse("2026-11-24T12:00:00Z");

    private final List<SentRequest> sent = new ArrayList<>();
    private final List<PublishedEvent<ClientKeyRotated>> keys = new ArrayList<>();
    private final List<PublishedEvent<RotationFailed>> failures = new ArrayList<>();
    private final List<PublishedEvent<RequestSatisfied>> satisfied = new ArrayList<>();
    private final Set<String> maybeSilent = new HashSet<>();
    private final List<Generation> generations = new ArrayList<>();
    private final Map<String, Long> uncommitted = new LinkedHashMap<>();
    private final List<String> leaks = new ArrayList<>();
    private final Set<String> reportedDrift = new HashSet<>();
    private CredentialId rotatedCredential = CREDENTIAL;

    HistoryBuilder sent(String id, int second) {
        sent.add(SentRequest.of(id, CREDENTIAL, NOON.plusSeconds(second)));
        return this;
    }

    HistoryBuilder sentFailing(String id, FailureCode expectedFailure) {
        sent.add(new SentRequest(id, null, NOON, expectedFailure));
        return this;
    }

    HistoryBuilder generated(String key, int second) {
        Instant at = NOON.plusSeconds(second);
        generations.add(new Generation(key, at, at.plusSeconds(180), at.plus(Duration.ofHours(24)), "idempotency"));
        return this;
    }

    HistoryBuilder generatedByHand(String key, int second) {
        Instant at = NOON.plusSeconds(second);
        generations.add(new Generation(key, at, at.plusSeconds(180), at.plus(Duration.ofHours(24)), null));
        return this;
    }

    HistoryBuilder reportedDrift(String key) {
        reportedDrift.add(new ClientKey(key).fingerprint());
        return this;
    }

    /** Assigns the rotations to another credential. */
    HistoryBuilder of(CredentialId other) {
        rotatedCredential = other;
        return this;
    }

    HistoryBuilder published(String id, String key, int second) {
        Instant at = NOON.plusSeconds(second);
        return published(id, event(id, key, at, at.plusSeconds(300), at.plus(Duration.ofHours(24))));
    }

    HistoryBuilder published(String ceId, ClientKeyRotated event) {
        keys.add(new PublishedEvent<>(ceId, event));
        return this;
    }

    HistoryBuilder failed(String id, FailureCode code) {
        RotationFailed event = new RotationFailed(
                id, "Acme", "S2-1", code, "why", false, 1, NOON, null, null, null, null, null, null, null);
        failures.add(new PublishedEvent<>(id, event));
        return this;
    }

    HistoryBuilder satisfied(String id) {
        RequestSatisfied event = new RequestSatisfied(id, "Acme", "S2-1", NOON, null, NOON, null, null, NOON);
        satisfied.add(new PublishedEvent<>(id, event));
        return this;
    }

    /** An older version may have ended this request. */
    HistoryBuilder maybeSilent(String id) {
        maybeSilent.add(id);
        return this;
    }

    HistoryBuilder uncommitted(String topic, long count) {
        uncommitted.put(topic, count);
        return this;
    }

    HistoryBuilder leaked(String place) {
        leaks.add(place);
        return this;
    }

    static ClientKeyRotated event(String id, String key, Instant at, Instant usableFrom, Instant previousExpires) {
        ClientKey clientKey = new ClientKey(key);
        return new ClientKeyRotated(
                id,
                "Acme",
                "S2-1",
                clientKey,
                clientKey.fingerprint(),
                null,
                at,
                usableFrom,
                previousExpires,
                false,
                null,
                null,
                null,
                false);
    }

    /** Builds a history in which the API's current key is the one generated last. */
    History build() {
        String current = generations.isEmpty()
                ? "first"
                : generations.get(generations.size() - 1).clientKey();
        return build(current);
    }

    History build(String current) {
        Map<CredentialId, ApiState> truth = Map.of(rotatedCredential, new ApiState(current, generations));
        return new History(sent, keys, failures, satisfied, maybeSilent, truth, reportedDrift, uncommitted, leaks);
    }
}
