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

/** The events of a history by request and by key. A duplicate after a crash counts once. */
final class EventIndex {

    private final Map<String, Set<String>> keysByRequest = new HashMap<>();
    private final Map<String, Set<String>> requestsByKey = new HashMap<>();
    private final Map<String, Set<FailureCode>> codesByRequest = new HashMap<>();
    private final Set<String> satisfied = new TreeSet<>();
    private final Map<CredentialId, Instant> latestGeneration = new HashMap<>();

    EventIndex(History history) {
        history.keys().forEach(published -> add(published.event()));
        history.failures().forEach(published -> codesByRequest
                .computeIfAbsent(published.event().id(), id -> new TreeSet<>())
                .add(published.event().code()));
        history.satisfied().forEach(published -> satisfied.add(published.event().id()));
        history.truth().forEach((credential, state) -> state.generations().stream()
                .filter(generation -> requestsByKey.containsKey(generation.clientKey()))
                .map(Generation::generatedAt)
                .forEach(at ->
                        latestGeneration.merge(credential, at, (one, other) -> one.isAfter(other) ? one : other)));
    }

    private void add(ClientKeyRotated event) {
        String key = event.clientKey().value();
        keysByRequest.computeIfAbsent(event.id(), id -> new TreeSet<>()).add(key);
        requestsByKey.computeIfAbsent(key, same -> new TreeSet<>()).add(event.id());
    }

    /** The distinct keys that were published for this request. */
    Set<String> keysOf(String requestId) {
        return keysByRequest.getOrDefault(requestId, Set.of());
    }

    /** The distinct requests for which this key was published. */
    Set<String> requestsOf(String clientKey) {
        return requestsByKey.getOrDefault(clientKey, Set.of());
    }

    Set<FailureCode> codesOf(String requestId) {
        return codesByRequest.getOrDefault(requestId, Set.of());
    }

    boolean isSatisfied(String requestId) {
        return satisfied.contains(requestId);
    }

    /** When the API generated the newest of the published keys. */
    Optional<Instant> latestGenerationOf(CredentialId credential) {
        return Optional.ofNullable(latestGeneration.get(credential));
    }

    Set<String> requestsWithKeys() {
        return keysByRequest.keySet();
    }
}
