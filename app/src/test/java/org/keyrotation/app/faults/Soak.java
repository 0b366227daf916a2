package org.keyrotation.app.faults;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.keyrotation.sandbox.SandboxBroker;
import org.keyrotation.sandbox.SimulatedManagementApi;

/**
 * {@code mvn verify -Psoak}: a long storm, by the properties {@code soak.*} of {@link FaultScenarioSettings}. It prints its
 * settings, the seed among them, then how it goes, and at the end its figures. The exit status is 1 where an invariant was
 * violated.
 */
public final class Soak {

    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final int VIOLATIONS_SHOWN = 100;

    private Soak() {}

    /** Takes no arguments; see the system properties above. */
    public static void main(String[] args) throws Exception {
        FaultScenarioSettings settings = FaultScenarioSettings.ofProperties();
        try (SandboxBroker broker = SandboxBroker.start();
                SimulatedManagementApi api = SimulatedManagementApi.start();
                FaultTestFixture stage = new FaultTestFixture(broker, api)) {
            FaultScenario storm = new FaultScenario(stage, settings, true, System.out::println);
            storm.rage(PATIENCE);
            Verdict verdict = stage.judge();
            show(storm, verdict);
            System.out.println("Repeat it with -Dsoak.seed=" + settings.seed());
            System.exit(verdict.violations().isEmpty() ? 0 : 1);
        }
    }

    private static void show(FaultScenario storm, Verdict verdict) {
        verdict.violations().stream().limit(VIOLATIONS_SHOWN).forEach(System.out::println);
        Map<String, Long> figures = new LinkedHashMap<>(verdict.figures());
        figures.putAll(storm.figures());
        figures.forEach((name, figure) -> System.out.printf("%-28s %,10d%n", name, figure));
        System.out.println(
                verdict.violations().isEmpty() ? "No invariant was violated." : "VIOLATED: " + verdict.byInvariant());
    }
}
