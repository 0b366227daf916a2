package org.keyrotation.app.faults;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.keyrotation.model.ClientKey;
import org.keyrotation.model.CredentialId;
import org.keyrotation.sandbox.Generation;

/** I2: no request causes two rotations. Every rotation is told, as one request's, and none is told that never was. */
final class RotationCheck {

    private final History history;
    private final Events events;

    RotationCheck(History history, Events events) {
        this.history = history;
        this.events = events;
    }

    Stream<Violation> violations() {
        return Stream.of(keysOfRequests(), rotations(), inventions())
                .flatMap(what -> what)
                .map(what -> new Violation("I2", what));
    }

    private Stream<String> keysOfRequests() {
        return events.requestsWithKeys().stream()
                .filter(id -> events.keysOf(id).size() > 1)
                .map(id -> "request " + id + " rotated " + events.keysOf(id).size() + " times");
    }

    private Stream<String> rotations() {
        Map<CredentialId, List<String>> wanted = history.asked().stream()
                .filter(asked -> asked.credential() != null)
                .collect(Collectors.groupingBy(Asked::credential, Collectors.mapping(Asked::id, Collectors.toList())));
        return history.truth().entrySet().stream().flatMap(each -> each.getValue().generations().stream()
                .map(Generation::clientKey)
                .flatMap(key -> wrongs(each.getKey(), key, wanted.getOrDefault(each.getKey(), List.of()))));
    }

    private Stream<String> wrongs(CredentialId credential, String key, List<String> wanted) {
        String rotation = "the rotation of " + credential + " to " + new ClientKey(key).fingerprint();
        Set<String> requests = events.requestsOf(key);
        if (wanted.isEmpty()) {
            return Stream.of(rotation + " was asked for by nobody");
        }
        if (requests.isEmpty()) {
            return Stream.of(rotation + " was never told; asked for by " + wanted);
        }
        return requests.size() == 1 ? Stream.empty() : Stream.of(rotation + " was told as that of " + requests);
    }

    private Stream<String> inventions() {
        Set<String> generated = history.truth().values().stream()
                .map(ApiState::generations)
                .flatMap(List::stream)
                .map(Generation::clientKey)
                .collect(Collectors.toSet());
        return events.requestsWithKeys().stream()
                .map(events::keysOf)
                .flatMap(Collection::stream)
                .filter(key -> !generated.contains(key))
                .map(key -> "the key " + new ClientKey(key).fingerprint() + " was told, but never generated");
    }
}
