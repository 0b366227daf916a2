package org.keyrotation.app.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ReportTest {

    @Test
    void aRatioIsTheMedianOfThoseWithinEachRoundThatIsValidForBoth() {
        String report = report(
                drain(1, Implementation.BASELINE, 1_000),
                drain(1, Implementation.KEY_ROTATION, 900),
                drain(2, Implementation.BASELINE, 2_000),
                drain(2, Implementation.KEY_ROTATION, 1_600),
                drain(3, Implementation.BASELINE, 500),
                invalid(3, Implementation.KEY_ROTATION));

        assertThat(report)
                .contains("Throughput on JDK 25.0.3:")
                .contains("| `drain-200ms` | 40,000 requests, calls of 200 ms, read first | 2 | 1,000, 1,250 | "
                        + "0.85 (0.80–0.90) | ");
    }

    @Test
    void severalInstancesAreComparedWithOneAndAFilledLedgerWithAnEmptyOne() {
        String report = report(
                run("instances-1", 1, Implementation.BASELINE, Figure.KEYS_PER_SECOND, 160),
                run("instances-1", 1, Implementation.KEY_ROTATION, Figure.KEYS_PER_SECOND, 150),
                run("instances-3", 1, Implementation.KEY_ROTATION, Figure.KEYS_PER_SECOND, 420),
                run("known-0", 1, Implementation.KEY_ROTATION, Figure.FIRST_KEY, 2.5),
                run("known-100000", 1, Implementation.BASELINE, Figure.FIRST_KEY, 2),
                run("known-100000", 1, Implementation.KEY_ROTATION, Figure.FIRST_KEY, 3.25));

        assertThat(report.lines().filter(line -> line.contains("`instances-3`")))
                .singleElement()
                .asString()
                .contains("| –, 420 | 2.80 of one instance |");
        assertThat(report.lines().filter(line -> line.contains("`known-100000`")))
                .singleElement()
                .asString()
                .contains("| 2.00 | 3.25 | 1.25 | 0.75 |");
    }

    private static String report(Run... runs) {
        return new Report(Stream.of(runs).toList()).markdown();
    }

    private static Run drain(int round, Implementation implementation, double keysPerSecond) {
        return run("drain-200ms", round, implementation, Figure.KEYS_PER_SECOND, keysPerSecond);
    }

    private static Run run(String scenario, int round, Implementation implementation, Figure figure, double value) {
        Sample sample = new Sample.Builder().with(figure, value).build(List.of());
        return new Run("2026-11-30T03:00:00Z", "25.0.3", scenario, round, implementation, sample);
    }

    private static Run invalid(int round, Implementation implementation) {
        Sample sample = new Sample.Builder().with(Figure.KEYS_PER_SECOND, 1).build(List.of("no key"));
        return new Run("2026-11-30T03:00:00Z", "25.0.3", "drain-200ms", round, implementation, sample);
    }
}
