package org.keyrotation.app.faults;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.keyrotation.sandbox.SandboxBroker;
import org.keyrotation.sandbox.SimulatedManagementApi;

/**
 * The main class of {@code mvn verify -Psoak}: a long scenario by the properties {@code soak.*} of {@link
 * FaultScenarioSettings}. It prints its settings with the seed, its progress and its figures. With {@code soak.seeds} it
 * runs a scenario of each seed, and prints one line for each. The exit status is 1 if an invariant is violated.
 */
public final class Soak {

    private static final Duration TIMEOUT = Duration.ofMinutes(10);
    private static final int VIOLATIONS_SHOWN = 100;

    private Soak() {}

    /** Takes no arguments; see the system properties above. */
    public static void main(String[] args) throws Exception {
        FaultScenarioSettings settings = FaultScenarioSettings.ofProperties();
        int seeds = Integer.getInteger("soak.seeds", 1);
        boolean isHeld = seeds == 1 ? runOne(settings) : runEach(settings, seeds);
        System.exit(isHeld ? 0 : 1); // exits after the brokers have removed their directories
    }

    private static boolean runOne(FaultScenarioSettings settings) throws Exception {
        Result result = run(settings, System.out::println);
        result.violations().forEach(System.out::println);
        result.figures().forEach((name, figure) -> System.out.printf("%-28s %,10d%n", name, figure));
        System.out.println(result.isHeld() ? "No invariant is violated." : "VIOLATED: " + result.verdict.byInvariant());
        System.out.println("Reproduce with -Dsoak.seed=" + settings.seed());
        return result.isHeld();
    }

    /** Runs the seed of the settings and those that follow it. A scenario that breaks off does not stop the others. */
    private static boolean runEach(FaultScenarioSettings settings, int seeds) throws Exception {
        boolean isHeld = true;
        for (long seed = settings.seed(); seed < settings.seed() + seeds; seed++) {
            isHeld &= isHeld(settings.withSeed(seed));
        }
        return isHeld;
    }

    private static boolean isHeld(FaultScenarioSettings settings) throws Exception {
        System.out.print("seed " + settings.seed() + ": ");
        try {
            Result result = run(settings, progress -> {});
            System.out.println(result.line());
            result.violations().forEach(System.out::println);
            return result.isHeld();
        } catch (RuntimeException | AssertionError e) {
            System.out.println("BROKEN OFF: " + e);
            return false;
        }
    }

    private static Result run(FaultScenarioSettings settings, Consumer<String> progress) throws Exception {
        try (SandboxBroker broker = SandboxBroker.start();
                SimulatedManagementApi api = SimulatedManagementApi.start();
                FaultTestFixture fixture = new FaultTestFixture(broker, api)) {
            FaultScenario scenario = new FaultScenario(fixture, settings, true, progress);
            scenario.run(TIMEOUT);
            return new Result(fixture.judge(), scenario.figures());
        }
    }

    private record Result(Verdict verdict, Map<String, Long> scenarioFigures) {

        boolean isHeld() {
            return verdict.violations().isEmpty();
        }

        Stream<Violation> violations() {
            return verdict.violations().stream().limit(VIOLATIONS_SHOWN);
        }

        Map<String, Long> figures() {
            Map<String, Long> figures = new LinkedHashMap<>(verdict.figures());
            figures.putAll(scenarioFigures);
            return figures;
        }

        String line() {
            String counts = Stream.of("requests", "rotations", "kills", "pauses", "seconds", "lost", "double")
                    .map(name -> name + " " + figures().get(name))
                    .collect(Collectors.joining(", "));
            return counts + (isHeld() ? ", no violation" : ", VIOLATED " + verdict.byInvariant());
        }
    }
}
