package org.keyrotation.routes.startup;

import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Throttle of a repeated warning: due once its reason has lasted for two seconds, and every minute while there is any reason. */
final class WarningThrottle {

    private static final Duration INITIAL_DELAY = Duration.ofSeconds(2);
    private static final Duration PERIOD = Duration.ofMinutes(1);

    private final LongSupplier nanoTime;
    private @Nullable String reason;
    private @Nullable String warnedOf;
    private long startedAt;
    private long reasonSince;
    private long repeatAt;

    WarningThrottle(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** Numbers in the reason do not count: Kafka's errors quote deadlines. */
    boolean isDue(String text) {
        String currentReason = text.replaceAll("\\d+", "");
        long now = nanoTime.getAsLong();
        if (reason == null) {
            startedAt = now;
            repeatAt = now + PERIOD.toNanos();
        }
        if (!currentReason.equals(reason)) {
            reason = currentReason;
            reasonSince = now;
        }
        boolean isNew = !currentReason.equals(warnedOf) && now - reasonSince >= INITIAL_DELAY.toNanos();
        boolean isDue = isNew || now - repeatAt >= 0;
        if (isDue) {
            warnedOf = currentReason;
            repeatAt = now + PERIOD.toNanos();
        }
        return isDue;
    }

    /** Ends the warnings. Returns how long there was a reason, or null if none was warned of. */
    @Nullable
    Duration end() {
        Duration lasted = warnedOf == null ? null : Duration.ofNanos(nanoTime.getAsLong() - startedAt);
        reason = null;
        warnedOf = null;
        return lasted;
    }
}
