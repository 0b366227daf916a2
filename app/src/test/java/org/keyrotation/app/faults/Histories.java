package org.keyrotation.app.faults;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.keyrotation.model.ClientKey;
import org.keyrotation.model.ClientKeyRotated;
import org.keyrotation.model.CredentialId;
import org.keyrotation.model.FailureCode;
import org.keyrotation.model.RotationFailed;
import org.keyrotation.sandbox.Generation;

/** Writes histories by hand, a sentence a line. */
final class Histories {

    static final CredentialId CREDENTIAL = new CredentialId("Acme", "S2-1");
    static final Instant NOON = Instant.parse("2026-11-24T12:00:00Z");

    private final List<Asked> asked = new ArrayList<>();
    private final List<Published<ClientKeyRotated>> keys = new ArrayList<>();
    private final List<Published<RotationFailed>> failures = new ArrayList<>();
    private final List<Generation> generations = new ArrayList<>();
    private final Map<String, Long> uncommitted = new LinkedHashMap<>();
    private final List<String> leaks = new ArrayList<>();
    private CredentialId holder = CREDENTIAL;

    Histories asked(String id, int second) {
        asked.add(Asked.of(id, CREDENTIAL, NOON.plusSeconds(second)));
        return this;
    }

    Histories askedInVain(String id, FailureCode planned) {
        asked.add(new Asked(id, null, NOON, planned));
        return this;
    }

    Histories generated(String key, int second) {
        Instant at = NOON.plusSeconds(second);
        generations.add(new Generation(key, at, at.plusSeconds(180), at.plus(Duration.ofHours(24)), "idempotency"));
        return this;
    }

    /** From now on the rotations are another credential's. */
    Histories of(CredentialId other) {
        holder = other;
        return this;
    }

    Histories told(String id, String key, int second) {
        Instant at = NOON.plusSeconds(second);
        return told(id, event(id, key, at, at.plusSeconds(300), at.plus(Duration.ofHours(24))));
    }

    Histories told(String ceId, ClientKeyRotated event) {
        keys.add(new Published<>(ceId, event));
        return this;
    }

    Histories failed(String id, FailureCode code) {
        RotationFailed event = new RotationFailed(id, "Acme", "S2-1", code, "why", false, 1, NOON, null, null, null);
        failures.add(new Published<>(id, event));
        return this;
    }

    Histories uncommitted(String topic, long count) {
        uncommitted.put(topic, count);
        return this;
    }

    Histories leaked(String place) {
        leaks.add(place);
        return this;
    }

    static ClientKeyRotated event(String id, String key, Instant at, Instant usableFrom, Instant previousExpires) {
        ClientKey clientKey = new ClientKey(key);
        return new ClientKeyRotated(
                id, "Acme", "S2-1", clientKey, clientKey.fingerprint(), null, at, usableFrom, previousExpires, false);
    }

    /** The API holds what it generated last. */
    History written() {
        String current = generations.isEmpty()
                ? "first"
                : generations.get(generations.size() - 1).clientKey();
        return written(current);
    }

    History written(String current) {
        Map<CredentialId, ApiState> truth = Map.of(holder, new ApiState(current, generations));
        return new History(asked, keys, failures, truth, uncommitted, leaks);
    }
}
