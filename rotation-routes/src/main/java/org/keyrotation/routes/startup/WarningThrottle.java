package org.keyrotation.routes.startup;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Says when a warning is due: once its cause has lasted a moment, and every half minute from then on. */
final class WarningThrottle {

    private static final Duration MOMENT = Duration.ofSeconds(2);
    private static final Duration PERIOD = Duration.ofSeconds(30);

    private @Nullable String cause;
    private long dueAt;

    boolean isDue(String current) {
        long now = System.nanoTime();
        if (!current.equals(cause)) {
            cause = current;
            dueAt = now + MOMENT.toNanos();
        }
        boolean due = now - dueAt >= 0;
        if (due) {
            dueAt = now + PERIOD.toNanos();
        }
        return due;
    }
}
