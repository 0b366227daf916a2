package org.keyrotation.app.faults;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.keyrotation.model.ClientKeyRotated;
import org.keyrotation.model.CredentialId;
import org.keyrotation.sandbox.Generation;

/** I3: the last key event of a credential carries the key that the API holds. I4: the times are on the safe side. */
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
                .filter(told -> !told.getValue().equals(current(told.getKey())))
                .map(told -> new Violation("I3", "the last key told of " + told.getKey() + " is not the API's"));
    }

    private String current(CredentialId credential) {
        return Optional.ofNullable(history.truth().get(credential))
                .map(ApiState::currentKey)
                .orElse("");
    }

    private Stream<Violation> times() {
        Map<String, Generation> generations = history.truth().values().stream()
                .flatMap(held -> held.generations().stream())
                .collect(Collectors.toMap(Generation::clientKey, Function.identity()));
        return history.keys().stream()
                .map(Published::event)
                .flatMap(event -> Optional.ofNullable(
                                generations.get(event.clientKey().value()))
                        .stream()
                        .flatMap(truth -> wrongTimes(event, truth)))
                .map(what -> new Violation("I4", what));
    }

    private static Stream<String> wrongTimes(ClientKeyRotated event, Generation truth) {
        Stream.Builder<String> wrongs = Stream.builder();
        if (event.usableFrom().isBefore(truth.usableFrom())) {
            wrongs.add("the key of request " + event.id() + " is told to work too early");
        }
        if (event.previousKeyExpiresAt().isAfter(truth.previousKeyExpiresAt())) {
            wrongs.add("the key before that of request " + event.id() + " is told to work too long");
        }
        return wrongs.build();
    }
}
