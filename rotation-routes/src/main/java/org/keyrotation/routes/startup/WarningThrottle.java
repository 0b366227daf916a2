package org.keyrotation.routes.startup;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Throttle of a repeated warning: due once its reason has lasted for two seconds, and every 30 seconds from then on. */
final class WarningThrottle {

    private static final Duration INITIAL_DELAY = Duration.ofSeconds(2);
    private static final Duration PERIOD = Duration.ofSeconds(30);

    private @Nullable String reason;
    private long dueAt;

    boolean isDue(String currentReason) {
        long now = System.nanoTime();
        if (!currentReason.equals(reason)) {
            reason = currentReason;
            dueAt = now + INITIAL_DELAY.toNanos();
        }
        boolean isDue = now - dueAt >= 0;
        if (isDue) {
            dueAt = now + PERIOD.toNanos();
        }
        return isDue;
    }
}
