package org.keyrotation.app.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.keyrotation.app.AppProcess;

/**
 * {@code mvn -Pbench verify}: the scenarios whose names begin as {@code bench.scenarios} says ({@code idle,drain-50ms}, or
 * all), each contender in turn, {@code bench.rounds} times, with {@code bench.jvm} as options of their JVMs. The exit status is 1 where a run did not do its work.
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
            String brokers = broker.line(BrokerMain.AT).substring(BrokerMain.AT.length());
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
            for (Implementation contender : contenders(scenario, round)) {
                String run = scenario.name() + ", " + contender + ", round " + round;
                Sample sample = run(scenario, contender, brokers);
                System.out.println(run + ": " + sample.figures());
                if (sample.problems().isEmpty()) {
                    report.add(contender, sample);
                }
                sample.problems().forEach(problem -> problems.add("NOT TO BE BELIEVED: " + run + ": " + problem));
            }
        }
        System.out.println(report.table(scenario));
        return problems;
    }

    /** A contender that fails spoils its own run alone. */
    private static Sample run(Scenario scenario, Implementation contender, String brokers) throws InterruptedException {
        try {
            return new BenchmarkRun(scenario, contender, brokers).run();
        } catch (RuntimeException | AssertionError e) {
            return new Sample.Builder().build(List.of(e.toString()));
        }
    }

    /** The baseline does not share a group's work. Who is first in one round is second in the next. */
    private static List<Implementation> contenders(Scenario scenario, int round) {
        List<Implementation> contenders = Stream.of(Implementation.values())
                .filter(contender -> contender == Implementation.KEY_ROTATION
                        || scenario.fleet().instances() == 1)
                .collect(Collectors.toCollection(ArrayList::new));
        Collections.rotate(contenders, round - 1);
        return contenders;
    }
}
