package org.keyrotation.app.faults;

import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.keyrotation.model.FailureCode;

/** I1: every request ends in exactly one of key event, failure event or satisfied. Only expected failures occur. */
final class OutcomeCheck {

    private final History history;
    private final EventIndex events;

    OutcomeCheck(History history, EventIndex events) {
        this.history = history;
        this.events = events;
    }

    Stream<Violation> violations() {
        Stream<Optional<String>> outcomes = history.sent().stream().map(this::wrongOutcome);
        return Stream.of(outcomes.flatMap(Optional::stream), unknownRequests(), wrongIds())
                .flatMap(problems -> problems)
                .map(problem -> new Violation("I1", problem));
    }

    private Optional<String> wrongOutcome(SentRequest sent) {
        Set<FailureCode> codes = events.codesOf(sent.id());
        return switch (RequestOutcome.of(sent, events)) {
            case LOST -> Optional.of("request " + sent.id() + " is lost");
            case BOTH -> Optional.of("request " + sent.id() + " ended in a key and in " + codes);
            case FAILURE -> unexpectedFailure(sent, codes);
            case KEY, SATISFIED -> missingFailure(sent);
        };
    }

    private static Optional<String> unexpectedFailure(SentRequest sent, Set<FailureCode> codes) {
        Set<FailureCode> expectedFailure = sent.expectedFailure() == null ? Set.of() : Set.of(sent.expectedFailure());
        return codes.equals(expectedFailure)
                ? Optional.empty()
                : Optional.of("request " + sent.id() + " failed with " + codes + ", expected " + expectedFailure);
    }

    private static Optional<String> missingFailure(SentRequest sent) {
        return Optional.ofNullable(sent.expectedFailure())
                .map(code -> "request " + sent.id() + " did not fail, expected " + code);
    }

    private Stream<String> unknownRequests() {
        Set<String> known = history.sent().stream().map(SentRequest::id).collect(Collectors.toSet());
        return Stream.concat(events.requestsWithKeys().stream(), events.requestsWithFailures().stream())
                .filter(id -> !known.contains(id))
                .map(id -> "an event of request " + id + ", which was not sent");
    }

    private Stream<String> wrongIds() {
        return Stream.concat(history.keys().stream(), history.failures().stream())
                .filter(published ->
                        !Objects.equals(published.ceId(), published.event().id()))
                .map(published ->
                        "the event of request " + published.event().id() + " has the ce_id " + published.ceId());
    }
}
