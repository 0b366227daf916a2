package org.keyrotation.app.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.keyrotation.app.AppProcess;

/**
 * The main class of {@code mvn -Pbench verify}. It runs each scenario whose name starts with an entry of {@code
 * bench.scenarios} ({@code idle,drain-50ms}; default all), with each implementation alternately, {@code bench.rounds}
 * times. {@code bench.jvm} are additional JVM options. The exit status is 1 if a run is invalid.
 */
final class Bench {

    private Bench() {}

    /** Takes no arguments; see the system properties above. */
    public static void main(String[] args) throws InterruptedException {
        int rounds = Integer.getInteger("bench.rounds", 3);
        List<Scenario> scenarios = Scenario.named(System.getProperty("bench.scenarios", ""));
        List<String> problems = new ArrayList<>();
        try (AppProcess broker =
                AppProcess.ofTestClass(BrokerMain.class).jvm("-Xmx1g").start()) {
            String brokers = broker.line(BrokerMain.ADDRESS_PREFIX).substring(BrokerMain.ADDRESS_PREFIX.length());
            Sample unused = new BenchmarkRun(Scenario.WARM_UP, Implementation.BASELINE, brokers).run();
            for (Scenario scenario : scenarios) {
                problems.addAll(compare(scenario, rounds, brokers));
            }
        }
        problems.forEach(System.out::println);
        System.exit(problems.isEmpty() ? 0 : 1);
    }

    private static List<String> compare(Scenario scenario, int rounds, String brokers) throws InterruptedException {
        Report report = new Report(rounds);
        List<String> problems = new ArrayList<>();
        for (int round = 1; round <= rounds; round++) {
            for (Implementation implementation : implementations(scenario, round)) {
                String name = scenario.name() + ", " + implementation + ", round " + round;
                Sample sample = run(scenario, implementation, brokers);
                System.out.println(name + ": " + sample.figures());
                if (sample.problems().isEmpty()) {
                    report.add(implementation, sample);
                }
                sample.problems().forEach(problem -> problems.add("INVALID RUN: " + name + ": " + problem));
            }
        }
        System.out.println(report.table(scenario));
        return problems;
    }

    /** A failing implementation invalidates only its own run. */
    private static Sample run(Scenario scenario, Implementation implementation, String brokers)
            throws InterruptedException {
        try {
            return new BenchmarkRun(scenario, implementation, brokers).run();
        } catch (RuntimeException | AssertionError e) {
            return new Sample.Builder().build(List.of(e.toString()));
        }
    }

    /**
     * The implementations, in rotating order by round. The baseline runs only with one instance, because it cannot
     * share a group.
     */
    private static List<Implementation> implementations(Scenario scenario, int round) {
        List<Implementation> implementations = Stream.of(Implementation.values())
                .filter(implementation -> implementation == Implementation.KEY_ROTATION
                        || scenario.deployment().instances() == 1)
                .collect(Collectors.toCollection(ArrayList::new));
        Collections.rotate(implementations, round - 1);
        return implementations;
    }
}
