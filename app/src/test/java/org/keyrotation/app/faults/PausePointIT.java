package org.keyrotation.app.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.keyrotation.app.AppProcess;
import org.keyrotation.sandbox.SandboxBroker;
import org.keyrotation.sandbox.SandboxExtension;
import org.keyrotation.sandbox.SimulatedManagementApi;

/**
 * The packaged app is stopped by SIGSTOP, with one request suspended at each crash point, for longer than its session
 * timeout. Another instance completes the requests, then the first one continues where it stopped.
 */
@ExtendWith(SandboxExtension.class)
class PausePointIT {

    private static final Duration TIMEOUT = Duration.ofMinutes(3);

    @Tag("I1")
    @Tag("I2")
    @Tag("I3")
    @Test
    void thawedInstanceWithoutItsPartitionsNeitherCallsTheApiNorPublishes(
            SandboxBroker broker, SimulatedManagementApi api) throws Exception {
        List<String> crashPoints = CrashPoints.ofRotation();
        api.idempotency(false); // an idempotency key would make a second call harmless
        try (FaultTestFixture fixture = new FaultTestFixture(broker, api);
                Instance paused =
                        new Instance(launchPausing(fixture, crashPoints).start(), fixture.leakCollector)) {
            PausedRequests pausedRequests = new PausedRequests(fixture, paused.process());
            pausedRequests.awaitArmed(crashPoints);
            pausedRequests.pause(crashPoints);
            paused.freeze();
            try (Instance other = fixture.start()) {
                other.process().awaitReady();
                fixture.awaitDrained(TIMEOUT);
                assertThat(fixture.judge().violations()).as("before the thaw").isEmpty();
                assertNothingHappensAfterThaw(fixture, paused, pausedRequests);
            }
            assertThat(fixture.judge().violations()).isEmpty();
        }
    }

    /** Long enough to suspend all requests and to stop the process; over when the process continues. */
    private static AppProcess.Launch launchPausing(FaultTestFixture fixture, List<String> crashPoints) {
        return PausedRequests.armed(fixture.launch(), crashPoints)
                .property("crash.hold", Duration.ofSeconds(8).toString());
    }

    /**
     * The instance rejoins the group after it has finished its old records, then processes new requests like any other.
     */
    private static void assertNothingHappensAfterThaw(
            FaultTestFixture fixture, Instance paused, PausedRequests pausedRequests) {
        int calls = fixture.api.generateRequests().size();
        int events = fixture.keyEventCount();
        long others = fixture.offsets.members();
        paused.thaw();
        fixture.awaitMembers(count -> count >= 2 * others, TIMEOUT);
        pausedRequests.send("sent-after-the-thaw");
        fixture.awaitDrained(TIMEOUT);
        assertThat(fixture.api.generateRequests()).as("calls").hasSize(calls + 1);
        assertThat(fixture.keyEventCount()).as("key events").isEqualTo(events + 1);
    }
}
