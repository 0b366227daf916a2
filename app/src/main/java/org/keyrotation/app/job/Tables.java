package org.keyrotation.app.job;

import static java.util.Comparator.comparing;
import static java.util.Comparator.naturalOrder;
import static java.util.Comparator.nullsLast;
import static java.util.stream.Collectors.collectingAndThen;
import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.joining;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.keyrotation.model.PlannedRotation;
import org.keyrotation.model.PlannedRotation.State;
import org.keyrotation.model.RequestState;
import org.keyrotation.model.RotationPlan;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Help.Column;
import picocli.CommandLine.Help.TextTable;

/** Formats the tables that a job prints for operators. */
final class Tables {

    /** Names and reasons come from strangers: they must not control the terminal. */
    private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]");

    private Tables() {}

    /** One row per credential, those that need a person first, and a line of counts. */
    static String plan(RotationPlan plan) {
        List<String[]> rows = plan.rotations().stream()
                .sorted(comparing(PlannedRotation::needsAttention)
                        .reversed()
                        .thenComparing(PlannedRotation::state)
                        .thenComparing(PlannedRotation::dueAt, nullsLast(naturalOrder()))
                        .thenComparing(rotation -> rotation.credential().toString()))
                .map(rotation -> row(
                        rotation.credential(), label(rotation.state()), timestamp(rotation.dueAt()), rotation.detail()))
                .toList();
        return table(rows, "CREDENTIAL", "PLAN", "DUE", "WHY")
                + counts(plan.rotations().stream().map(rotation -> label(rotation.state())));
    }

    /** One row per followed request and per credential that needs a person, and lines of what was not requested. */
    static String outcomes(RotationPlan plan, Collection<FollowedRequest> followed) {
        List<String[]> rows = new ArrayList<>();
        followed.stream()
                .filter(request -> request.state() == RequestState.FAILED)
                .sorted(comparing(FollowedRequest::name))
                .forEach(request -> rows.add(row(request)));
        plan.needingAttention().stream()
                .sorted(comparing(PlannedRotation::state)
                        .thenComparing(rotation -> rotation.credential().toString()))
                .map(rotation -> row(rotation.credential(), label(rotation.state()), "-", rotation.detail()))
                .forEach(rows::add);
        followed.stream()
                .filter(request -> request.state() != RequestState.FAILED)
                .sorted(comparing(FollowedRequest::state).thenComparing(FollowedRequest::name))
                .forEach(request -> rows.add(row(request)));
        String held = held(plan, State.PAUSED, rotation -> "the schedule is paused")
                + held(plan, State.WINDOW_CLOSED, PlannedRotation::detail);
        String nothing = held.isEmpty() ? "Nothing is due, and no request was open.\n" : "";
        Stream<String> labels = Stream.concat(
                followed.stream().map(request -> label(request.state())),
                plan.rotations().stream()
                        .filter(rotation -> !rotation.isDue())
                        .map(rotation -> label(rotation.state())));
        return (rows.isEmpty() ? nothing : table(rows, "CREDENTIAL", "OUTCOME", "REQUESTED BY", "WHY"))
                + held
                + counts(labels);
    }

    private static String[] row(FollowedRequest request) {
        return row(request.name(), label(request.state()), request.requestedBy(), request.detail());
    }

    /** Says how many credentials the job would request but for this state; empty if there are none. */
    private static String held(RotationPlan plan, State state, Function<PlannedRotation, String> reason) {
        List<PlannedRotation> held = plan.rotations().stream()
                .filter(rotation -> rotation.state() == state)
                .toList();
        if (held.isEmpty()) {
            return "";
        }
        String sentence = reason.apply(held.get(0));
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
        return Stream.of(cells)
                .map(cell -> UNPRINTABLE.matcher(cell.toString()).replaceAll("?"))
                .toArray(String[]::new);
    }

    private static String label(Enum<?> name) {
        return name.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    private static String timestamp(@Nullable Instant instant) {
        return instant == null ? "-" : instant.truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
