package org.keyrotation.sandbox;

import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.keyrotation.sandbox.SimulatedCredential.State;

/** The credentials of all companies, and the only generator of keys. Tests and the event loop share it. */
final class SimulatedFleet {

    private final Clock clock;
    private final String keyPrefix;
    private final Map<CredentialId, SimulatedCredential> credentials = new LinkedHashMap<>();
    private final Map<String, SimulatedCredential> issuedKeys = new HashMap<>();
    private Duration activationDelay = Duration.ofMinutes(3);
    private int totalGenerations;

    SimulatedFleet(Clock clock, String keyPrefix) {
        this.clock = clock;
        this.keyPrefix = keyPrefix;
    }

    synchronized void setActivationDelay(Duration delay) {
        activationDelay = delay;
    }

    synchronized void add(CredentialId id) {
        credentials.computeIfAbsent(id, this::create).state = State.ACTIVE;
    }

    synchronized void addWithoutKey(CredentialId id) {
        credentials.put(id, new SimulatedCredential(id, null));
    }

    synchronized void setState(CredentialId id, State state) {
        find(id).orElseThrow(() -> new IllegalArgumentException("no such credential: " + id)).state = state;
    }

    synchronized Optional<Generation> generate(CredentialId id, @Nullable String idempotencyKey) {
        return find(id).filter(credential -> credential.state == State.ACTIVE)
                .map(credential -> generate(credential, idempotencyKey));
    }

    synchronized Optional<CredentialView> view(CredentialId id) {
        return find(id).map(CredentialView::of);
    }

    synchronized List<CredentialView> list(String companyId) {
        return credentials.values().stream()
                .filter(credential -> credential.id.companyId().equals(companyId))
                .filter(credential -> credential.state != State.REMOVED)
                .map(CredentialView::of)
                .toList();
    }

    synchronized boolean works(String clientKey) {
        SimulatedCredential credential = issuedKeys.get(clientKey);
        return credential != null && credential.works(clientKey, clock.instant());
    }

    synchronized List<Generation> generations(CredentialId id) {
        SimulatedCredential credential = credentials.get(id);
        return credential == null ? List.of() : credential.generations();
    }

    synchronized int totalGenerations() {
        return totalGenerations;
    }

    private Optional<SimulatedCredential> find(CredentialId id) {
        return Optional.ofNullable(credentials.get(id)).filter(credential -> credential.state != State.REMOVED);
    }

    private SimulatedCredential create(CredentialId id) {
        String key = newKey();
        SimulatedCredential credential = new SimulatedCredential(id, key);
        issuedKeys.put(key, credential);
        return credential;
    }

    private Generation generate(SimulatedCredential credential, @Nullable String idempotencyKey) {
        Generation generation = Generation.at(clock.instant(), activationDelay, newKey(), idempotencyKey);
        credential.add(generation);
        issuedKeys.put(generation.clientKey(), credential);
        totalGenerations++;
        return generation;
    }

    private String newKey() {
        return keyPrefix + RandomText.upperAlphanumerics(32);
    }
}
