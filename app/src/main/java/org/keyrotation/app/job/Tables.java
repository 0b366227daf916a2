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

/** What an operator reads. */
final class Tables {

    private Tables() {}

    /** A row for each credential, those that are due first. */
    static String plan(RotationPlan plan) {
        List<String[]> rows = plan.rotations().stream()
                .sorted(comparing(PlannedRotation::state)
                        .thenComparing(PlannedRotation::dueAt, nullsLast(naturalOrder()))
                        .thenComparing(each -> each.credential().toString()))
                .map(each -> row(each.credential(), words(each.state()), seconds(each.dueAt()), each.detail()))
                .toList();
        return table(rows, "CREDENTIAL", "PLAN", "DUE", "WHY")
                + counts(plan.rotations().stream().map(each -> words(each.state())))
                + "\n";
    }

    /** A row for each that was asked for. */
    static String outcomes(RotationPlan plan, Map<RotationRequest, RequestState> states, FailureReader failures) {
        List<String[]> rows = new ArrayList<>(states.entrySet().stream()
                .sorted(comparing(Map.Entry<RotationRequest, RequestState>::getValue)
                        .thenComparing(each -> each.getKey().credential().toString()))
                .map(each -> row(
                        each.getKey().credential(),
                        outcome(each.getValue()),
                        why(each.getKey(), each.getValue(), failures)))
                .toList());
        plan.rotations().stream()
                .filter(each -> each.state() == PlannedRotation.State.FAILED)
                .forEach(each -> rows.add(row(each.credential(), "failed", each.detail())));
        Stream<String> all = Stream.concat(
                states.values().stream().map(Tables::outcome),
                plan.rotations().stream().filter(each -> !each.isDue()).map(each -> words(each.state())));
        return (rows.isEmpty() ? "Nothing is due.\n" : table(rows, "CREDENTIAL", "OUTCOME", "WHY"))
                + counts(all)
                + "\n";
    }

    private static String outcome(RequestState state) {
        return state == RequestState.OPEN ? "deferred" : words(state);
    }

    private static String why(RotationRequest request, RequestState state, FailureReader failures) {
        return switch (state) {
            case ROTATED -> "due since " + seconds(request.requestedAt());
            case FAILED ->
                Objects.requireNonNullElse(
                        failures.reason(String.valueOf(request.requestId())), "see the failures topic");
            case OPEN -> "still open: it goes on in a service, or in the next job";
        };
    }

    private static String counts(Stream<String> kinds) {
        return kinds.collect(groupingBy(kind -> kind, TreeMap::new, counting())).entrySet().stream()
                .map(each -> each.getValue() + " " + each.getKey())
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

    private static String words(Enum<?> name) {
        return name.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    private static String seconds(@Nullable Instant instant) {
        return instant == null ? "-" : instant.truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
