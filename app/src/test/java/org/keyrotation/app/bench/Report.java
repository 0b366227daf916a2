package org.keyrotation.app.bench;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.joining;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.DoubleBinaryOperator;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.keyrotation.app.bench.BenchmarkRun.Kind;

/**
 * The valid runs as Markdown, for each JVM a table of throughput and one of latency. Each value is the median of the
 * rounds. A ratio or a difference is the median of those within each round, with the least and the most: the machine's
 * speed drifts.
 */
final class Report {

    private static final String NONE = "–";

    private final Map<String, List<Run>> runsByJvm;

    Report(List<Run> runs) {
        this.runsByJvm = runs.stream()
                .filter(run -> run.sample().problems().isEmpty())
                .collect(groupingBy(Run::jvm, TreeMap::new, Collectors.toList()));
    }

    String markdown() {
        return runsByJvm.keySet().stream().map(this::tables).collect(joining());
    }

    private String tables(String jvm) {
        return """

                Throughput on JDK %s:

                | scenario | description | rounds | keys/s: baseline, key-rotation | ratio | CPU per key, ms | ratio | \
                calls in flight: mean, most | first key, s | peak memory, MB |
                |---|---|---|---|---|---|---|---|---|---|
                %s
                Start and latency on JDK %s:

                | scenario | description | rounds | baseline | key-rotation | difference | added by the ledger, s | \
                peak memory, MB |
                |---|---|---|---|---|---|---|---|
                %s"""
                .formatted(
                        jvm,
                        scenarios(jvm, true).map(name -> throughput(jvm, name)).collect(joining()),
                        jvm,
                        scenarios(jvm, false).map(name -> latency(jvm, name)).collect(joining()));
    }

    private Stream<Scenario> scenarios(String jvm, boolean isDrain) {
        return Scenario.all().stream()
                .filter(scenario -> isDrain == (scenario.kind() == Kind.DRAIN))
                .filter(scenario -> !runs(jvm, scenario.name(), Implementation.KEY_ROTATION)
                                .isEmpty()
                        || !runs(jvm, scenario.name(), Implementation.BASELINE).isEmpty());
    }

    private String throughput(String jvm, Scenario scenario) {
        Map<String, Sample> baseline = runs(jvm, scenario.name(), Implementation.BASELINE);
        Map<String, Sample> ours = runs(jvm, scenario.name(), Implementation.KEY_ROTATION);
        Map<String, Sample> one = runs(jvm, Scenario.ONE_INSTANCE, Implementation.KEY_ROTATION);
        boolean isSeveral = scenario.deployment().instances() > 1;
        return row(
                scenario,
                ours.size(),
                both(baseline, ours, Figure.KEYS_PER_SECOND),
                isSeveral
                        ? compared(ours, one, Figure.KEYS_PER_SECOND, Report::ratio) + " of one instance"
                        : compared(ours, baseline, Figure.KEYS_PER_SECOND, Report::ratio),
                both(baseline, ours, Figure.CPU),
                compared(ours, baseline, Figure.CPU, Report::ratio),
                median(ours, Figure.MEAN_CALLS) + ", " + median(ours, Figure.MAX_CALLS),
                both(baseline, ours, Figure.FIRST_KEY),
                both(baseline, ours, Figure.PEAK_MEMORY));
    }

    private String latency(String jvm, Scenario scenario) {
        Map<String, Sample> baseline = runs(jvm, scenario.name(), Implementation.BASELINE);
        Map<String, Sample> ours = runs(jvm, scenario.name(), Implementation.KEY_ROTATION);
        Map<String, Sample> empty = runs(jvm, Scenario.EMPTY_LEDGER, Implementation.KEY_ROTATION);
        List<Figure> figures =
                scenario.kind() == Kind.FIRST_KEY ? List.of(Figure.FIRST_KEY) : List.of(Figure.P50, Figure.P99);
        return row(
                scenario,
                ours.size(),
                each(figures, figure -> median(baseline, figure)),
                each(figures, figure -> median(ours, figure)),
                each(figures, figure -> compared(ours, baseline, figure, Report::difference)),
                scenario.ledgerCredentials() > 0 ? compared(ours, empty, Figure.FIRST_KEY, Report::difference) : "",
                scenario.kind() == Kind.FIRST_KEY ? both(baseline, ours, Figure.PEAK_MEMORY) : "");
    }

    private static String row(Scenario scenario, int rounds, String... cells) {
        return "| `%s` | %s | %d | %s |%n"
                .formatted(scenario.name(), scenario.description(), rounds, String.join(" | ", cells));
    }

    private static String each(List<Figure> figures, Function<Figure, String> cell) {
        return figures.stream().map(cell).collect(joining(", "));
    }

    /** The samples by benchmark and round. */
    private Map<String, Sample> runs(String jvm, String scenario, Implementation implementation) {
        return runsByJvm.getOrDefault(jvm, List.of()).stream()
                .filter(run -> run.scenario().equals(scenario) && run.implementation() == implementation)
                .collect(Collectors.toMap(run -> run.benchmark() + run.round(), Run::sample));
    }

    private static String both(Map<String, Sample> baseline, Map<String, Sample> ours, Figure figure) {
        return median(baseline, figure) + ", " + median(ours, figure);
    }

    private static String median(Map<String, Sample> samples, Figure figure) {
        return number(Statistics.median(values(samples, figure)));
    }

    private static double[] values(Map<String, Sample> samples, Figure figure) {
        return samples.values().stream()
                .mapToDouble(sample -> value(sample, figure))
                .toArray();
    }

    private static double value(Sample sample, Figure figure) {
        return sample.figures().getOrDefault(figure, Double.NaN);
    }

    private static String compared(
            Map<String, Sample> samples, Map<String, Sample> references, Figure figure, DoubleBinaryOperator operator) {
        double[] values = samples.entrySet().stream()
                .flatMapToDouble(each -> Stream.ofNullable(references.get(each.getKey()))
                        .mapToDouble(reference ->
                                operator.applyAsDouble(value(each.getValue(), figure), value(reference, figure))))
                .toArray();
        String median = number(Statistics.median(values));
        return values.length < 2
                ? median
                : "%s (%s–%s)"
                        .formatted(
                                median,
                                number(Statistics.percentile(values, 0)),
                                number(Statistics.percentile(values, 100)));
    }

    private static double ratio(double value, double reference) {
        return value / reference;
    }

    private static double difference(double value, double reference) {
        return value - reference;
    }

    private static String number(double value) {
        return Double.isNaN(value) ? NONE : String.format(Locale.ROOT, Math.abs(value) < 20 ? "%.2f" : "%,.0f", value);
    }
}
