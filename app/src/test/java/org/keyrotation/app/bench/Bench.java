package org.keyrotation.app.bench;

import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.keyrotation.app.AppProcess;

/**
 * The main class of {@code mvn -Pbench verify}. In each of {@code bench.rounds} rounds it runs each scenario that {@code
 * bench.scenarios} names ({@code idle,drain-*}; default all), with each implementation. With {@code bench.report} it only
 * prints the report of all benchmarks in {@code target/bench}. The exit status is 1 if a run is invalid.
 */
final class Bench {

    private final String startedAt =
            Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
    private final TestedJvm jvm = TestedJvm.configured();
    private final List<Implementation> compared = Implementation.compared();
    private final List<Run> runs = new ArrayList<>();
    private final String brokers;

    private Bench(String brokers) {
        this.brokers = brokers;
    }

    /** Takes no arguments; see the system properties above. */
    public static void main(String[] args) throws IOException, InterruptedException {
        boolean isValid = true;
        if (Boolean.getBoolean("bench.report")) {
            System.out.println(new Report(RunLog.all()).markdown());
        } else {
            isValid = runAll();
        }
        System.exit(isValid ? 0 : 1);
    }

    private static boolean runAll() throws IOException, InterruptedException {
        int rounds = Integer.getInteger("bench.rounds", 3);
        List<Scenario> scenarios = Scenario.named(System.getProperty("bench.scenarios", "*"));
        try (AppProcess broker =
                AppProcess.ofTestClass(BrokerMain.class).jvm("-Xmx1g").start()) {
            Bench bench =
                    new Bench(broker.line(BrokerMain.ADDRESS_PREFIX).substring(BrokerMain.ADDRESS_PREFIX.length()));
            bench.warmUp();
            for (int round = 1; round <= rounds; round++) {
                for (Scenario scenario : scenarios) {
                    bench.compare(scenario, round);
                }
            }
            return bench.report();
        }
    }

    /** Creates the archives of both implementations. The baseline's training run also warms the broker up. */
    private void warmUp() throws IOException, InterruptedException {
        System.out.println("Implementations: JDK " + jvm.version() + "; broker and API: JDK " + Runtime.version());
        try (AppProcess warmUp = Implementation.command(jvm, "warm-up").start()) {
            int status = warmUp.exit();
            if (status != 0) {
                throw new IllegalStateException(
                        "bin/key-rotation warm-up: exit status %d, expected 0%n%s".formatted(status, warmUp.output()));
            }
        }
        BaselineProgram.prepare();
        Sample training = new BenchmarkRun(Scenario.WARM_UP, Implementation.BASELINE, jvm, brokers).run();
        if (!training.problems().isEmpty()) {
            throw new IllegalStateException("The baseline's training run is invalid: " + training.problems());
        }
    }

    private void compare(Scenario scenario, int round) throws InterruptedException {
        for (Implementation implementation : implementations(scenario, round)) {
            Run run = new Run(
                    startedAt,
                    jvm.version().toString(),
                    scenario.name(),
                    round,
                    implementation,
                    measure(scenario, implementation));
            System.out.println(run.name() + ": " + run.sample().figures());
            runs.add(run);
            RunLog.add(run);
        }
    }

    /** A failing implementation invalidates only its own run. */
    private Sample measure(Scenario scenario, Implementation implementation) throws InterruptedException {
        try {
            return new BenchmarkRun(scenario, implementation, jvm, brokers).run();
        } catch (RuntimeException | AssertionError e) {
            return new Sample.Builder().build(List.of(e.toString()));
        }
    }

    /**
     * The implementations, in rotating order by round. The baseline runs only with one instance, because it cannot
     * share a group.
     */
    private List<Implementation> implementations(Scenario scenario, int round) {
        List<Implementation> implementations = new ArrayList<>(compared);
        if (scenario.deployment().instances() > 1) {
            implementations.remove(Implementation.BASELINE);
        }
        Collections.rotate(implementations, round - 1);
        return implementations;
    }

    /** Prints the report, and returns whether all runs are valid. */
    private boolean report() {
        System.out.println(new Report(runs).markdown());
        List<String> problems = runs.stream().flatMap(Run::problems).toList();
        problems.forEach(System.out::println);
        return problems.isEmpty();
    }
}
