package org.keyrotation.app.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.keyrotation.routes.drift.DriftSettings.Mode;
import org.keyrotation.sandbox.SandboxBroker;
import org.keyrotation.sandbox.SandboxExtension;
import org.keyrotation.sandbox.SimulatedManagementApi;

/** Instances of one group are killed, paused and restarted while the API fails. */
@ExtendWith(SandboxExtension.class)
class InstancesIT {

    private static final Duration TIMEOUT = Duration.ofMinutes(3);

    @Tag("I1")
    @Tag("I2")
    @Tag("I3")
    @Tag("I4")
    @Tag("I5")
    @Tag("I6")
    @Test
    void eachRequestEndsOnceWhicheverOfThreeInstancesDiesOrFreezes(SandboxBroker broker, SimulatedManagementApi api)
            throws Exception {
        FaultScenarioSettings settings =
                FaultScenarioSettings.calm(120, 0.1, true).disrupted(3, 2, 1, 1).with(Mode.REPORT);
        try (FaultTestFixture fixture = new FaultTestFixture(broker, api)) {
            FaultScenario scenario = new FaultScenario(fixture, settings, true, System.out::println);
            scenario.run(TIMEOUT);
            assertThat(fixture.judge().violations()).as(settings::toString).isEmpty();
            assertThat(scenario.figures()).containsEntry("kills", 2L).containsEntry("pauses", 1L);
        }
    }
}
