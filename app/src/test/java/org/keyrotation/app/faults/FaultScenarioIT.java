package org.keyrotation.app.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.keyrotation.sandbox.SandboxBroker;
import org.keyrotation.sandbox.SandboxExtension;
import org.keyrotation.sandbox.SimulatedManagementApi;

/** Some hundred requests while one call in five meets a fault; {@code mvn verify -Psoak} is the long version. */
@ExtendWith(SandboxExtension.class)
class FaultScenarioIT {

    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final int ROTATIONS = 200;
    private static final int FEW = 50;
    private static final double FAULTS = 0.2;

    @Tag("I1")
    @Tag("I2")
    @Tag("I3")
    @Tag("I4")
    @Tag("I5")
    @Tag("I6")
    @Execution(ExecutionMode.CONCURRENT)
    @ParameterizedTest(name = "idempotency {0}")
    @ValueSource(booleans = {true, false})
    @DisplayName("I1, I2, I3, I4, I5, I6: each request ends once whatever the API answers")
    void eachRequestEndsOnceWhateverTheApiAnswers(boolean idempotency, SandboxBroker broker, SimulatedManagementApi api)
            throws Exception {
        FaultScenarioSettings settings = FaultScenarioSettings.calm(ROTATIONS, FAULTS, idempotency);
        try (FaultTestFixture stage = new FaultTestFixture(broker, api)) {
            new FaultScenario(stage, settings, true, System.out::println).rage(PATIENCE);
            assertThat(stage.judge().violations()).as(settings::toString).isEmpty();
        }
    }

    @Tag("I2")
    @Tag("I7")
    @Execution(ExecutionMode.CONCURRENT)
    @Test
    @DisplayName("I2, I7: a reset to the earliest offsets calls nothing and tells nothing")
    void aResetToTheEarliestOffsetsCallsNothingAndTellsNothing(SandboxBroker broker, SimulatedManagementApi api)
            throws Exception {
        FaultScenarioSettings settings = FaultScenarioSettings.calm(FEW, FAULTS, true);
        try (FaultTestFixture stage = new FaultTestFixture(broker, api)) {
            new FaultScenario(stage, settings, false, System.out::println).rage(PATIENCE);
            api.faults().noMoreFaults();
            int calls = api.generateRequests().size();
            Verdict before = stage.judge();
            startAgainFromTheEarliest(stage);
            assertThat(api.generateRequests().size())
                    .as("calls of generateClientKey")
                    .isEqualTo(calls);
            assertThat(stage.judge()).as(settings::toString).isEqualTo(before);
            assertThat(before.violations()).isEmpty();
        }
    }

    private static void startAgainFromTheEarliest(FaultTestFixture stage) {
        stage.awaitMembers(count -> count == 0, PATIENCE);
        stage.offsets.reset();
        try (Instance again = stage.start()) {
            again.process().line("Ready:");
            stage.awaitDrained(PATIENCE);
        }
    }
}
