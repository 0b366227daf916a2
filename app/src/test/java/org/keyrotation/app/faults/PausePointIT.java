package org.keyrotation.app.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.keyrotation.app.AppProcess;
import org.keyrotation.sandbox.SandboxBroker;
import org.keyrotation.sandbox.SandboxExtension;
import org.keyrotation.sandbox.SimulatedManagementApi;

/**
 * The packaged app is stopped (SIGSTOP) with one request at each place, for longer than its session lasts. Another instance
 * does its work meanwhile; then it wakes up just there.
 */
@ExtendWith(SandboxExtension.class)
class PausePointIT {

    private static final Duration PATIENCE = Duration.ofMinutes(3);

    @Tag("I1")
    @Tag("I2")
    @Tag("I3")
    @Test
    @DisplayName("I1, I2, I3: an instance that wakes up without its partitions neither calls the API nor publishes")
    void anInstanceThatWakesUpWithoutItsPartitionsNeitherCallsTheApiNorPublishes(
            SandboxBroker broker, SimulatedManagementApi api) throws Exception {
        List<String> places = CrashPoints.ofARotation();
        api.idempotency(false); // or a second call would do no harm
        try (FaultTestFixture stage = new FaultTestFixture(broker, api);
                Instance paused = new Instance(holding(stage, places).start(), stage.heard)) {
            PausedRequests held = new PausedRequests(stage, paused.process());
            held.awaitArmed(places);
            held.hold(places);
            paused.freeze();
            try (Instance other = stage.start()) {
                other.process().line("Ready:");
                stage.awaitDrained(PATIENCE);
                assertThat(stage.judge().violations()).as("before it wakes up").isEmpty();
                assertNothingHappensWhenItWakesUp(stage, paused, held);
            }
            assertThat(stage.judge().violations()).isEmpty();
        }
    }

    /** Time enough to hold up all of them, and to stop it; none of it is left when it wakes up. */
    private static AppProcess.Launch holding(FaultTestFixture stage, List<String> places) {
        return PausedRequests.armed(stage.launch(), places)
                .property("crash.hold", Duration.ofSeconds(8).toString());
    }

    /** It is back in the group once it is done with what it had taken; then it works like any other. */
    private static void assertNothingHappensWhenItWakesUp(
            FaultTestFixture stage, Instance paused, PausedRequests held) {
        int calls = stage.api.generateRequests().size();
        int told = stage.keyEvents();
        long others = stage.offsets.members();
        paused.thaw();
        stage.awaitMembers(count -> count >= 2 * others, PATIENCE);
        held.ask("asked-once-it-is-back");
        stage.awaitDrained(PATIENCE);
        assertThat(stage.api.generateRequests()).as("calls").hasSize(calls + 1);
        assertThat(stage.keyEvents()).as("key events").isEqualTo(told + 1);
    }
}
