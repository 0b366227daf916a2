package org.keyrotation.app.faults;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.keyrotation.model.ClientKey;
import org.keyrotation.model.ClientKeyRotated;
import org.keyrotation.model.CredentialId;
import org.keyrotation.sandbox.Generation;

/**
 * I2: no request causes two rotations. Every rotation is published for exactly one request, and every published key was
 * generated. Only keys that a person has generated are reported or published as such.
 */
final class RotationCheck {

    private final History history;
    private final EventIndex events;

    RotationCheck(History history, EventIndex events) {
        this.history = history;
        this.events = events;
    }

    Stream<Violation> violations() {
        return Stream.of(repeatedRotations(), unpublishedRotations(), ungeneratedKeys(), falseAlarms())
                .flatMap(problems -> problems)
                .map(problem -> new Violation("I2", problem));
    }

    private Stream<String> repeatedRotations() {
        return events.requestsWithKeys().stream()
                .filter(id -> events.keysOf(id).size() > 1)
                .map(id -> "request " + id + " rotated " + events.keysOf(id).size() + " times");
    }

    private Stream<String> unpublishedRotations() {
        Map<CredentialId, List<String>> requested = history.sent().stream()
                .filter(sent -> sent.credential() != null)
                .collect(Collectors.groupingBy(
                        SentRequest::credential, Collectors.mapping(SentRequest::id, Collectors.toList())));
        return history.truth().entrySet().stream().flatMap(each -> each.getValue().generations().stream()
                .filter(generation -> !generation.isByHand())
                .map(Generation::clientKey)
                .flatMap(key -> problems(each.getKey(), key, requested.getOrDefault(each.getKey(), List.of()))));
    }

    private Stream<String> problems(CredentialId credential, String key, List<String> requested) {
        String rotation = "the rotation of " + credential + " to " + new ClientKey(key).fingerprint();
        Set<String> requests = events.requestsOf(key);
        if (requested.isEmpty()) {
            return Stream.of(rotation + " was not requested");
        }
        if (requests.isEmpty()) {
            return Stream.of(rotation + " was not published, requested by " + requested);
        }
        return requests.size() == 1 ? Stream.empty() : Stream.of(rotation + " was published for " + requests);
    }

    private Stream<String> falseAlarms() {
        Set<String> byHand = history.truth().values().stream()
                .flatMap(state -> state.generations().stream())
                .filter(Generation::isByHand)
                .map(generation -> new ClientKey(generation.clientKey()).fingerprint())
                .collect(Collectors.toSet());
        Stream<String> published = history.keys().stream()
                .map(PublishedEvent::event)
                .filter(event -> event.requestId().startsWith("drift-"))
                .map(ClientKeyRotated::keyFingerprint);
        return Stream.concat(published, history.reportedDrift().stream())
                .filter(fingerprint -> !byHand.contains(fingerprint))
                .map(fingerprint -> "the key " + fingerprint + " was not rotated by hand");
    }

    private Stream<String> ungeneratedKeys() {
        Set<String> generated = history.truth().values().stream()
                .map(ApiState::generations)
                .flatMap(List::stream)
                .map(Generation::clientKey)
                .collect(Collectors.toSet());
        return events.requestsWithKeys().stream()
                .map(events::keysOf)
                .flatMap(Collection::stream)
                .filter(key -> !generated.contains(key))
                .map(key -> "the key " + new ClientKey(key).fingerprint() + " was published but not generated");
    }
}
