package org.keyrotation.app.bench;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The valid runs of a scenario as a table: median, minimum and maximum, and the ratio of the medians. */
final class Report {

    private final int rounds;
    private final Map<Implementation, List<Sample>> samples = new EnumMap<>(Implementation.class);

    Report(int rounds) {
        this.rounds = rounds;
    }

    void add(Implementation implementation, Sample sample) {
        samples.computeIfAbsent(implementation, c -> new ArrayList<>()).add(sample);
    }

    String table(Scenario scenario) {
        StringBuilder table = new StringBuilder("\n## " + scenario.name() + "\n\n");
        table.append("| | baseline, %s | key-rotation, %s | ratio |%n|---|---|---|---|%n"
                .formatted(runs(Implementation.BASELINE), runs(Implementation.KEY_ROTATION)));
        for (String figure : figures()) {
            table.append("| %s | %s | %s | %s |%n"
                    .formatted(
                            figure,
                            cell(Implementation.BASELINE, figure),
                            cell(Implementation.KEY_ROTATION, figure),
                            number(median(Implementation.KEY_ROTATION, figure)
                                    / median(Implementation.BASELINE, figure))));
        }
        return table.toString();
    }

    private String runs(Implementation implementation) {
        return samples.getOrDefault(implementation, List.of()).size() + " of " + rounds + " runs";
    }

    private Set<String> figures() {
        return samples.values().stream()
                .flatMap(List::stream)
                .findFirst()
                .map(sample -> sample.figures().keySet())
                .orElse(Set.of());
    }

    private String cell(Implementation implementation, String figure) {
        double[] values = values(implementation, figure);
        return values.length == 0
                ? "–"
                : "%s [%s–%s]"
                        .formatted(
                                number(Statistics.median(values)),
                                number(Statistics.percentile(values, 0)),
                                number(Statistics.percentile(values, 100)));
    }

    private double median(Implementation implementation, String figure) {
        return Statistics.median(values(implementation, figure));
    }

    private double[] values(Implementation implementation, String figure) {
        return samples.getOrDefault(implementation, List.of()).stream()
                .mapToDouble(sample -> sample.figures().getOrDefault(figure, Double.NaN))
                .toArray();
    }

    private static String number(double value) {
        return Double.isNaN(value) ? "–" : String.format(Locale.ROOT, value < 20 ? "%.2f" : "%.0f", value);
    }
}
