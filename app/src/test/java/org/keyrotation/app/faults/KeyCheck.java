package org.keyrotation.app.faults;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.keyrotation.model.ClientKey;
import org.keyrotation.model.ClientKeyRotated;
import org.keyrotation.model.CredentialId;
import org.keyrotation.sandbox.Generation;

/** I3: the last key event of a credential has the API's current key, unless the ledger reports that key as rotated by hand. I4: the published times are on the safe side. */
final class KeyCheck {

    private final History history;

    KeyCheck(History history) {
        this.history = history;
    }

    Stream<Violation> violations() {
        return Stream.concat(lastKeys(), times());
    }

    private Stream<Violation> lastKeys() {
        Map<CredentialId, String> last = new HashMap<>();
        history.keys()
                .forEach(published -> last.put(
                        published.event().credential(),
                        published.event().clientKey().value()));
        return last.entrySet().stream()
                .filter(key -> !key.getValue().equals(current(key.getKey())))
                .filter(key -> !isReported(current(key.getKey())))
                .map(key -> new Violation("I3", "the last published key of " + key.getKey() + " is not the API's"));
    }

    private boolean isReported(String key) {
        return !key.isEmpty() && history.reportedDrift().contains(new ClientKey(key).fingerprint());
    }

    private String current(CredentialId credential) {
        return Optional.ofNullable(history.truth().get(credential))
                .map(ApiState::currentKey)
                .orElse("");
    }

    private Stream<Violation> times() {
        Map<String, Generation> generations = history.truth().values().stream()
                .flatMap(state -> state.generations().stream())
                .collect(Collectors.toMap(Generation::clientKey, Function.identity()));
        return history.keys().stream()
                .map(PublishedEvent::event)
                .flatMap(event -> Optional.ofNullable(
                                generations.get(event.clientKey().value()))
                        .stream()
                        .flatMap(truth -> unsafeTimes(event, truth)))
                .map(problem -> new Violation("I4", problem));
    }

    private static Stream<String> unsafeTimes(ClientKeyRotated event, Generation truth) {
        Stream.Builder<String> problems = Stream.builder();
        if (event.usableFrom().isBefore(truth.usableFrom())) {
            problems.add("usableFrom of request " + event.id() + " is too early");
        }
        if (event.previousKeyExpiresAt().isAfter(truth.previousKeyExpiresAt())) {
            problems.add("previousKeyExpiresAt of request " + event.id() + " is too late");
        }
        return problems.build();
    }
}
