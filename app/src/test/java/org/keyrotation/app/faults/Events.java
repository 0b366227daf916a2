package org.keyrotation.app.faults;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.keyrotation.model.ClientKeyRotated;
import org.keyrotation.model.CredentialId;
import org.keyrotation.model.FailureCode;
import org.keyrotation.sandbox.Generation;

/** The events of a history by request and by key: one that a crash made appear twice counts once. */
final class Events {

    private final Map<String, Set<String>> keysOfRequest = new HashMap<>();
    private final Map<String, Set<String>> requestsOfKey = new HashMap<>();
    private final Map<String, Set<FailureCode>> codesOfRequest = new HashMap<>();
    private final Map<CredentialId, Instant> latest = new HashMap<>();

    Events(History history) {
        history.keys().forEach(published -> add(published.event()));
        history.failures().forEach(published -> codesOfRequest
                .computeIfAbsent(published.event().id(), id -> new TreeSet<>())
                .add(published.event().code()));
        history.truth().forEach((credential, held) -> held.generations().stream()
                .filter(generation -> requestsOfKey.containsKey(generation.clientKey()))
                .map(Generation::generatedAt)
                .forEach(at -> latest.merge(credential, at, (one, other) -> one.isAfter(other) ? one : other)));
    }

    private void add(ClientKeyRotated event) {
        String key = event.clientKey().value();
        keysOfRequest.computeIfAbsent(event.id(), id -> new TreeSet<>()).add(key);
        requestsOfKey.computeIfAbsent(key, same -> new TreeSet<>()).add(event.id());
    }

    /** Each key that was told as this request's. */
    Set<String> keysOf(String requestId) {
        return keysOfRequest.getOrDefault(requestId, Set.of());
    }

    /** Each request that this key was told as an outcome of. */
    Set<String> requestsOf(String clientKey) {
        return requestsOfKey.getOrDefault(clientKey, Set.of());
    }

    Set<FailureCode> codesOf(String requestId) {
        return codesOfRequest.getOrDefault(requestId, Set.of());
    }

    /** When the newest of its published keys was really generated. */
    Optional<Instant> latestOf(CredentialId credential) {
        return Optional.ofNullable(latest.get(credential));
    }

    Set<String> requestsWithKeys() {
        return keysOfRequest.keySet();
    }

    Set<String> requestsWithFailures() {
        return codesOfRequest.keySet();
    }
}
