package org.keyrotation.app.faults;

import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.keyrotation.model.FailureCode;

/** I1: every request ends in exactly one of a key event, a failure event, satisfied; and in no failure but a planned one. */
final class OutcomeCheck {

    private final History history;
    private final Events events;

    OutcomeCheck(History history, Events events) {
        this.history = history;
        this.events = events;
    }

    Stream<Violation> violations() {
        Stream<Optional<String>> ends = history.asked().stream().map(this::wrongEnd);
        return Stream.of(ends.flatMap(Optional::stream), strangers(), strangeIds())
                .flatMap(what -> what)
                .map(what -> new Violation("I1", what));
    }

    private Optional<String> wrongEnd(Asked asked) {
        Set<FailureCode> codes = events.codesOf(asked.id());
        return switch (Outcome.of(asked, events)) {
            case LOST -> Optional.of("request " + asked.id() + " is lost");
            case BOTH -> Optional.of("request " + asked.id() + " ended in a key and in " + codes);
            case FAILURE -> wrongFailure(asked, codes);
            case KEY, SATISFIED -> missingFailure(asked);
        };
    }

    private static Optional<String> wrongFailure(Asked asked, Set<FailureCode> codes) {
        Set<FailureCode> planned = asked.planned() == null ? Set.of() : Set.of(asked.planned());
        return codes.equals(planned)
                ? Optional.empty()
                : Optional.of("request " + asked.id() + " failed with " + codes + ", planned was " + planned);
    }

    private static Optional<String> missingFailure(Asked asked) {
        return Optional.ofNullable(asked.planned())
                .map(code -> "request " + asked.id() + " did not fail, planned was " + code);
    }

    private Stream<String> strangers() {
        Set<String> known = history.asked().stream().map(Asked::id).collect(Collectors.toSet());
        return Stream.concat(events.requestsWithKeys().stream(), events.requestsWithFailures().stream())
                .filter(id -> !known.contains(id))
                .map(id -> "an event tells of request " + id + ", which nobody made");
    }

    private Stream<String> strangeIds() {
        return Stream.concat(history.keys().stream(), history.failures().stream())
                .filter(published ->
                        !Objects.equals(published.ceId(), published.event().id()))
                .map(published ->
                        "the event of request " + published.event().id() + " has the ce_id " + published.ceId());
    }
}
