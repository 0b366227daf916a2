package org.keyrotation.routes.startup;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheck.State;
import org.junit.jupiter.api.Test;
import org.keyrotation.routes.camel.Prefix;
import org.keyrotation.sandbox.MutableClock;

/** The health of an instance whose clock is set. */
class ClockHealthCheckTest {

    private final MutableClock clock = MutableClock.stoppedAt(Instant.parse("2026-11-29T12:00:00Z"));
    private final HealthCheck check = new ClockHealthCheck(Prefix.ROTATION, clock);

    @Test
    void clockThatIsSetBackStopsTheInstanceUntilItIsWhereItWas() {
        clock.advance(Duration.ofDays(1));
        assertThat(check.call().getState()).isEqualTo(State.UP);

        clock.advance(Duration.ofHours(-30));
        assertThat(check.call().getState()).isEqualTo(State.DOWN);
        assertThat(check.call().getMessage().orElseThrow())
                .isEqualTo("The system clock was set back by PT30H: Kafka's clients and the schedule wait until"
                        + " 2026-11-30T12:00:00Z,"
                        + " restart this instance");

        clock.advance(Duration.ofHours(30));
        assertThat(check.call().getState()).isEqualTo(State.UP);
    }

    @Test
    void clockCheckIsNoLivenessCheck() {
        assertThat(check.isReadiness()).isTrue();
        assertThat(check.isLiveness()).isFalse();
    }

    @Test
    void smallCorrectionIsNoReason() {
        clock.advance(Duration.ofSeconds(-20));

        assertThat(check.call().getState()).isEqualTo(State.UP);
    }
}
