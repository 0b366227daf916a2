package org.keyrotation.app.faults;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.keyrotation.sandbox.SandboxBroker;
import org.keyrotation.sandbox.SimulatedManagementApi;

/**
 * The main class of {@code mvn verify -Psoak}: a long scenario by the properties {@code soak.*} of {@link
 * FaultScenarioSettings}. It prints its settings with the seed, its progress and its figures. The exit status is 1 if
 * an invariant is violated.
 */
public final class Soak {

    private static final Duration TIMEOUT = Duration.ofMinutes(10);
    private static final int VIOLATIONS_SHOWN = 100;

    private Soak() {}

    /** Takes no arguments; see the system properties above. */
    public static void main(String[] args) throws Exception {
        FaultScenarioSettings settings = FaultScenarioSettings.ofProperties();
        try (SandboxBroker broker = SandboxBroker.start();
                SimulatedManagementApi api = SimulatedManagementApi.start();
                FaultTestFixture fixture = new FaultTestFixture(broker, api)) {
            FaultScenario scenario = new FaultScenario(fixture, settings, true, System.out::println);
            scenario.run(TIMEOUT);
            Verdict verdict = fixture.judge();
            show(scenario, verdict);
            System.out.println("Reproduce with -Dsoak.seed=" + settings.seed());
            System.exit(verdict.violations().isEmpty() ? 0 : 1);
        }
    }

    private static void show(FaultScenario scenario, Verdict verdict) {
        verdict.violations().stream().limit(VIOLATIONS_SHOWN).forEach(System.out::println);
        Map<String, Long> figures = new LinkedHashMap<>(verdict.figures());
        figures.putAll(scenario.figures());
        figures.forEach((name, figure) -> System.out.printf("%-28s %,10d%n", name, figure));
        System.out.println(
                verdict.violations().isEmpty() ? "No invariant is violated." : "VIOLATED: " + verdict.byInvariant());
    }
}
