package org.keyrotation.app.faults;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Verifies a history: names each violation by its invariant, and counts. The history is its only input. */
final class Judge {

    private final History history;
    private final EventIndex events;

    private Judge(History history) {
        this.history = history;
        this.events = new EventIndex(history);
    }

    static Verdict judge(History history) {
        Judge judge = new Judge(history);
        List<Violation> violations = judge.violations();
        return new Verdict(violations, judge.figures(violations));
    }

    private List<Violation> violations() {
        return Stream.of(
                        new OutcomeCheck(history, events).violations(),
                        new RotationCheck(history, events).violations(),
                        new KeyCheck(history).violations(),
                        uncommitted(),
                        leaks())
                .flatMap(violations -> violations)
                .toList();
    }

    private Stream<Violation> uncommitted() {
        return history.uncommitted().entrySet().stream()
                .filter(topic -> topic.getValue() != 0)
                .map(topic -> new Violation("I5", topic.getValue() + " records of " + topic.getKey() + " uncommitted"));
    }

    private Stream<Violation> leaks() {
        return history.leaks().stream().map(place -> new Violation("I6", "a secret in " + place));
    }

    private Map<String, Long> figures(List<Violation> violations) {
        Map<String, Long> figures = new LinkedHashMap<>();
        figures.put("requests", (long) history.sent().size());
        figures.put("rotations", generations());
        figures.put("key events", (long) history.keys().size());
        figures.put("recovered key events", recovered());
        figures.put("failure events", (long) history.failures().size());
        history.failures().stream()
                .map(published -> "  " + published.event().code())
                .sorted()
                .forEach(code -> figures.merge(code, 1L, Long::sum));
        figures.put("satisfied events", (long) history.satisfied().size());
        figures.put("satisfied", countOutcome(RequestOutcome.SATISFIED));
        figures.put("silent", countOutcome(RequestOutcome.SILENT));
        figures.put("lost", countOutcome(RequestOutcome.LOST));
        figures.put(
                "double",
                violations.stream()
                        .filter(each -> each.invariant().equals("I2"))
                        .count());
        return figures;
    }

    private long generations() {
        return history.truth().values().stream()
                .mapToLong(state -> state.generations().size())
                .sum();
    }

    private long recovered() {
        return history.keys().stream()
                .filter(published -> published.event().recovered())
                .count();
    }

    private long countOutcome(RequestOutcome outcome) {
        return history.sent().stream()
                .filter(sent -> RequestOutcome.of(sent, events) == outcome)
                .count();
    }
}
