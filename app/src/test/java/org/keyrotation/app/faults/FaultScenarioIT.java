package org.keyrotation.app.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.keyrotation.routes.api.ApiHttpClient;
import org.keyrotation.sandbox.SandboxBroker;
import org.keyrotation.sandbox.SandboxExtension;
import org.keyrotation.sandbox.SimulatedManagementApi;

/** A short scenario in which one call in five meets a fault. {@code mvn verify -Psoak} runs the long one. */
@ExtendWith(SandboxExtension.class)
class FaultScenarioIT {

    private static final Duration TIMEOUT = Duration.ofMinutes(3);
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
    @ParameterizedTest(name = "idempotency {0}, {1}")
    @CsvSource({"true, VERTX_HTTP", "false, HTTP"})
    void eachRequestEndsOnceWhateverTheApiAnswers(
            boolean idempotency, ApiHttpClient client, SandboxBroker broker, SimulatedManagementApi api)
            throws Exception {
        FaultScenarioSettings settings =
                FaultScenarioSettings.calm(ROTATIONS, FAULTS, idempotency).with(client);
        try (FaultTestFixture fixture = new FaultTestFixture(broker, api)) {
            new FaultScenario(fixture, settings, true, System.out::println).run(TIMEOUT);
            assertThat(fixture.judge().violations()).as(settings::toString).isEmpty();
        }
    }

    @Tag("I2")
    @Tag("I7")
    @Execution(ExecutionMode.CONCURRENT)
    @Test
    void resetToTheEarliestOffsetsNeitherCallsNorPublishes(SandboxBroker broker, SimulatedManagementApi api)
            throws Exception {
        FaultScenarioSettings settings = FaultScenarioSettings.calm(FEW, FAULTS, true);
        try (FaultTestFixture fixture = new FaultTestFixture(broker, api)) {
            new FaultScenario(fixture, settings, false, System.out::println).run(TIMEOUT);
            api.faults().noMoreFaults();
            int calls = api.generateRequests().size();
            Verdict before = fixture.judge();
            restartFromTheEarliestOffsets(fixture);
            assertThat(api.generateRequests().size())
                    .as("calls of generateClientKey")
                    .isEqualTo(calls);
            assertThat(fixture.judge()).as(settings::toString).isEqualTo(before);
            assertThat(before.violations()).isEmpty();
        }
    }

    private static void restartFromTheEarliestOffsets(FaultTestFixture fixture) {
        fixture.awaitMembers(count -> count == 0, TIMEOUT);
        fixture.offsets.reset();
        try (Instance restarted = fixture.start()) {
            restarted.process().awaitReady();
            fixture.awaitDrained(TIMEOUT);
        }
    }
}
