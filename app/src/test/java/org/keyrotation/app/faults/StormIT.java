package org.keyrotation.app.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.keyrotation.sandbox.SandboxBroker;
import org.keyrotation.sandbox.SandboxExtension;
import org.keyrotation.sandbox.SimulatedManagementApi;

/** Some hundred requests while one call in five meets a fault; {@code mvn verify -Psoak} is the long version. */
@ExtendWith(SandboxExtension.class)
class StormIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int ROTATIONS = 200;
    private static final double FAULTS = 0.2;

    @Execution(ExecutionMode.CONCURRENT)
    @Test
    @DisplayName("I1, I2, I3, I4, I5, I6: each request ends once where the API forgets each call at once")
    void eachRequestEndsOnceWhereTheApiForgetsEachCallAtOnce(SandboxBroker broker, SimulatedManagementApi api)
            throws Exception {
        try (Stage stage = new Stage(broker, api)) {
            Storm storm = new Storm(stage, StormSettings.calm(ROTATIONS, FAULTS, false), true, System.out::println);
            storm.rage(PATIENCE);
            assertThat(stage.judge().violations()).isEmpty();
        }
    }

    @Execution(ExecutionMode.CONCURRENT)
    @Test
    @DisplayName("I1, I2, I3, I4, I5, I6: each request ends once, and a reset to the earliest offsets does nothing")
    void eachRequestEndsOnceAndAResetToTheEarliestOffsetsDoesNothing(SandboxBroker broker, SimulatedManagementApi api)
            throws Exception {
        try (Stage stage = new Stage(broker, api)) {
            Storm storm = new Storm(stage, StormSettings.calm(ROTATIONS, FAULTS, true), false, System.out::println);
            storm.rage(PATIENCE);
            assertThat(stage.judge().violations()).isEmpty();
            api.faults().noMoreFaults();
            assertThatAResetDoesNothing(stage);
        }
    }

    private static void assertThatAResetDoesNothing(Stage stage) throws Exception {
        int calls = stage.api.generateRequests().size();
        Verdict before = stage.judge();
        stage.awaitMembers(count -> count == 0, PATIENCE);
        stage.offsets.reset();
        try (Instance again = new Instance(stage.launch().start(), stage.heard)) {
            again.process().line("Ready:");
            stage.awaitDrained(PATIENCE);
        }
        assertThat(stage.api.generateRequests())
                .as("calls of generateClientKey")
                .hasSize(calls);
        Verdict after = stage.judge();
        assertThat(after.violations()).isEmpty();
        assertThat(after.figures()).as("requests, rotations and events").isEqualTo(before.figures());
    }
}
