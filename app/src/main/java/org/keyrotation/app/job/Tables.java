package org.keyrotation.app.job;

import static java.util.Comparator.comparing;
import static java.util.Comparator.naturalOrder;
import static java.util.Comparator.nullsLast;
import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.joining;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.keyrotation.model.PlannedRotation;
import org.keyrotation.model.RequestState;
import org.keyrotation.model.RotationPlan;
import org.keyrotation.model.RotationRequest;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Help.Column;
import picocli.CommandLine.Help.TextTable;

/** Formats the tables that a job prints for operators. */
final class Tables {

    private Tables() {}

    /** One row per credential, due ones first, and a line of counts. */
    static String plan(RotationPlan plan) {
        List<String[]> rows = plan.rotations().stream()
                .sorted(comparing(PlannedRotation::state)
                        .thenComparing(PlannedRotation::dueAt, nullsLast(naturalOrder()))
                        .thenComparing(rotation -> rotation.credential().toString()))
                .map(rotation -> row(
                        rotation.credential(), label(rotation.state()), timestamp(rotation.dueAt()), rotation.detail()))
                .toList();
        return table(rows, "CREDENTIAL", "PLAN", "DUE", "WHY")
                + counts(plan.rotations().stream().map(rotation -> label(rotation.state())))
                + "\n";
    }

    /** One row per request, and per credential whose last request failed, and a line of counts. */
    static String outcomes(RotationPlan plan, Map<RotationRequest, RequestState> states, FailureReader failures) {
        List<String[]> rows = new ArrayList<>(states.entrySet().stream()
                .sorted(comparing(Map.Entry<RotationRequest, RequestState>::getValue)
                        .thenComparing(entry -> entry.getKey().credential().toString()))
                .map(entry -> row(
                        entry.getKey().credential(),
                        outcome(entry.getValue()),
                        reason(entry.getKey(), entry.getValue(), failures)))
                .toList());
        plan.rotations().stream()
                .filter(rotation -> rotation.state() == PlannedRotation.State.FAILED)
                .forEach(rotation -> rows.add(row(rotation.credential(), "failed", rotation.detail())));
        Stream<String> all = Stream.concat(
                states.values().stream().map(Tables::outcome),
                plan.rotations().stream()
                        .filter(rotation -> !rotation.isDue())
                        .map(rotation -> label(rotation.state())));
        return (rows.isEmpty() ? "Nothing is due.\n" : table(rows, "CREDENTIAL", "OUTCOME", "WHY"))
                + counts(all)
                + "\n";
    }

    private static String outcome(RequestState state) {
        return state == RequestState.OPEN ? "deferred" : label(state);
    }

    private static String reason(RotationRequest request, RequestState state, FailureReader failures) {
        return switch (state) {
            case ROTATED -> "due since " + timestamp(request.requestedAt());
            case FAILED ->
                Objects.requireNonNullElse(
                        failures.reason(String.valueOf(request.requestId())), "see the failures topic");
            case OPEN -> "still open; a service or the next job continues it";
        };
    }

    private static String counts(Stream<String> labels) {
        return labels.collect(groupingBy(label -> label, TreeMap::new, counting())).entrySet().stream()
                .map(entry -> entry.getValue() + " " + entry.getKey())
                .collect(joining(", "));
    }

    private static String table(List<String[]> rows, String... header) {
        List<String[]> all = new ArrayList<>();
        all.add(header);
        all.addAll(rows);
        Column[] columns = IntStream.range(0, header.length)
                .map(column ->
                        all.stream().mapToInt(row -> row[column].length()).max().orElse(0))
                .mapToObj(width -> new Column(width + 2, 0, Column.Overflow.SPAN))
                .toArray(Column[]::new);
        TextTable table = TextTable.forColumns(picocli.CommandLine.Help.defaultColorScheme(Ansi.OFF), columns);
        all.forEach(table::addRowValues);
        return table.toString();
    }

    private static String[] row(Object... cells) {
        return Stream.of(cells).map(Object::toString).toArray(String[]::new);
    }

    private static String label(Enum<?> name) {
        return name.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    private static String timestamp(@Nullable Instant instant) {
        return instant == null ? "-" : instant.truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
