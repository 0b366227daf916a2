package org.keyrotation.routes.startup;

import static java.time.temporal.ChronoUnit.SECONDS;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;
import org.keyrotation.routes.camel.Prefix;

/**
 * Readiness check that is DOWN after the system clock was set back. Kafka's clients and {@link java.util.Timer} then wait
 * until the clock is where it was. Only a restart ends that wait. It is no liveness check: a step back on all hosts would
 * restart every replica of a host application at once.
 */
public final class ClockHealthCheck extends AbstractHealthCheck {

    /** Shorter than the session timeout of a consumer: such a wait does no harm. */
    private static final Duration TOLERANCE = Duration.ofSeconds(20);

    private final Clock clock;
    private Instant latest;

    /** @param clock the system clock, as Kafka's clients use it */
    public ClockHealthCheck(Prefix prefix, Clock clock) {
        super("rotation", prefix.id("clock"));
        this.clock = clock;
        this.latest = clock.instant();
    }

    @Override
    public boolean isLiveness() {
        return false;
    }

    @Override
    protected synchronized void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
        Instant now = clock.instant();
        latest = now.isAfter(latest) ? now : latest;
        Duration setBack = Duration.between(now, latest);
        if (setBack.compareTo(TOLERANCE) <= 0) {
            builder.up();
        } else {
            String reason =
                    "The system clock was set back by %s: Kafka's clients and the schedule wait until %s, restart this instance"
                            .formatted(setBack.truncatedTo(SECONDS), latest.truncatedTo(SECONDS));
            builder.message(reason).detail("reason", reason).down();
        }
    }
}
