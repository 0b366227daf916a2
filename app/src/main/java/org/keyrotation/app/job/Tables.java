package org.keyrotation.app.job;

import static java.util.Comparator.comparing;
import static java.util.Comparator.naturalOrder;
import static java.util.Comparator.nullsLast;
import static java.util.stream.Collectors.collectingAndThen;
import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.joining;
import static org.keyrotation.app.terminal.Table.label;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.keyrotation.app.follow.FollowedRequest;
import org.keyrotation.app.terminal.Table;
import org.keyrotation.model.PlannedRotation;
import org.keyrotation.model.PlannedRotation.State;
import org.keyrotation.model.RequestState;
import org.keyrotation.model.RotationPlan;

/** Formats the tables that a job prints for operators. */
final class Tables {

    private Tables() {}

    /** One row per credential, those that need a person first, and a line of counts. */
    static String plan(RotationPlan plan) {
        Table table = new Table("CREDENTIAL", "PLAN", "DUE", "WHY");
        plan.rotations().stream()
                .sorted(comparing(PlannedRotation::needsAttention)
                        .reversed()
                        .thenComparing(PlannedRotation::state)
                        .thenComparing(PlannedRotation::dueAt, nullsLast(naturalOrder()))
                        .thenComparing(rotation -> rotation.credential().toString()))
                .forEach(rotation ->
                        table.add(rotation.credential(), label(rotation.state()), rotation.dueAt(), rotation.detail()));
        return table + counts(plan.rotations().stream().map(rotation -> label(rotation.state())));
    }

    /** One row per followed request and per credential that needs a person, and lines of what was not requested. */
    static String outcomes(RotationPlan plan, Collection<FollowedRequest> followed) {
        Table table = new Table("CREDENTIAL", "OUTCOME", "REQUESTED BY", "WHY");
        followed.stream()
                .filter(request -> request.state() == RequestState.FAILED)
                .sorted(comparing(FollowedRequest::name))
                .forEach(request -> add(request, table));
        plan.needingAttention().stream()
                .sorted(comparing(PlannedRotation::state)
                        .thenComparing(rotation -> rotation.credential().toString()))
                .forEach(
                        rotation -> table.add(rotation.credential(), label(rotation.state()), null, rotation.detail()));
        followed.stream()
                .filter(request -> request.state() != RequestState.FAILED)
                .sorted(comparing(FollowedRequest::state).thenComparing(FollowedRequest::name))
                .forEach(request -> add(request, table));
        String held = held(plan, State.PAUSED) + held(plan, State.WINDOW_CLOSED);
        String nothing = held.isEmpty() ? "Nothing is due, and no request was open.\n" : "";
        Stream<String> labels = Stream.concat(
                followed.stream().map(request -> label(request.state())),
                plan.rotations().stream()
                        .filter(rotation -> !rotation.isDue())
                        .map(rotation -> label(rotation.state())));
        return (table.isEmpty() ? nothing : table) + held + counts(labels);
    }

    private static void add(FollowedRequest request, Table table) {
        table.add(request.name(), label(request.state()), request.requestedBy(), request.detail());
    }

    /** Says how many credentials the job would request but for this state; empty if there are none. */
    private static String held(RotationPlan plan, State state) {
        List<PlannedRotation> held = plan.rotations().stream()
                .filter(rotation -> rotation.state() == state)
                .toList();
        if (held.isEmpty()) {
            return "";
        }
        String sentence = Table.text(held.get(0).detail());
        return "%s: %s not requested.\n"
                .formatted(
                        sentence.substring(0, 1).toUpperCase(Locale.ROOT) + sentence.substring(1),
                        held.size() == 1 ? "1 due credential is" : held.size() + " due credentials are");
    }

    private static String counts(Stream<String> labels) {
        return labels.collect(groupingBy(label -> label, TreeMap::new, counting())).entrySet().stream()
                .map(entry -> entry.getValue() + " " + entry.getKey())
                .collect(collectingAndThen(joining(", "), line -> line.isEmpty() ? "" : line + "\n"));
    }
}
