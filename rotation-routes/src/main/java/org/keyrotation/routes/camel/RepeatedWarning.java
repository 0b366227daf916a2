package org.keyrotation.routes.camel;

import java.time.Duration;
import java.util.function.LongSupplier;
import org.slf4j.event.Level;

/**
 * Level of a warning that many requests cause at once, in a broker outage for example: WARN for the first one and then once a
 * minute, DEBUG for the others.
 */
public final class RepeatedWarning {

    private static final Duration PERIOD = Duration.ofMinutes(1);

    private final LongSupplier nanoTime;
    private boolean isRepeated;
    private long dueAt;

    public RepeatedWarning() {
        this(System::nanoTime);
    }

    RepeatedWarning(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** Returns the level of the line that is logged now. */
    public synchronized Level level() {
        long now = nanoTime.getAsLong();
        if (isRepeated && now - dueAt < 0) {
            return Level.DEBUG;
        }
        isRepeated = true;
        dueAt = now + PERIOD.toNanos();
        return Level.WARN;
    }
}
