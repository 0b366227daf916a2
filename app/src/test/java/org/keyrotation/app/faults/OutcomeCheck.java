package org.keyrotation.app.faults;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.keyrotation.model.FailureCode;

/** I1: every request ends in exactly one event: a key, a failure or satisfied. Only expected failures occur. */
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
            case SILENT -> silence(sent);
            case SEVERAL -> Optional.of("request " + sent.id() + " ended in " + String.join(" and in ", kinds(sent)));
            case FAILURE -> unexpectedFailure(sent, codes);
            case SATISFIED -> missingKey(sent).or(() -> missingFailure(sent));
            case KEY -> missingFailure(sent);
        };
    }

    private Optional<String> silence(SentRequest sent) {
        return history.maybeSilent().contains(sent.id())
                ? missingFailure(sent)
                : Optional.of("request " + sent.id() + " ended without an event");
    }

    private List<String> kinds(SentRequest sent) {
        List<String> kinds = new ArrayList<>();
        if (!events.keysOf(sent.id()).isEmpty()) {
            kinds.add("a key");
        }
        if (!events.codesOf(sent.id()).isEmpty()) {
            kinds.add(events.codesOf(sent.id()).toString());
        }
        if (events.isSatisfied(sent.id())) {
            kinds.add("satisfied");
        }
        return kinds;
    }

    private Optional<String> missingKey(SentRequest sent) {
        return RequestOutcome.hasNewerKey(sent, events)
                ? Optional.empty()
                : Optional.of("request " + sent.id() + " is satisfied without a newer key");
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
        return history.events()
                .map(published -> published.event().id())
                .distinct()
                .filter(id -> !known.contains(id) && !id.startsWith("drift-"))
                .map(id -> "an event of request " + id + ", which was not sent");
    }

    private Stream<String> wrongIds() {
        return history.events()
                .filter(published ->
                        !Objects.equals(published.ceId(), published.event().id()))
                .map(published ->
                        "the event of request " + published.event().id() + " has the ce_id " + published.ceId());
    }
}
