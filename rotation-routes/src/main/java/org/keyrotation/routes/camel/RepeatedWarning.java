package org.keyrotation.routes.camel;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.slf4j.event.Level;

/**
 * Level of a warning that many requests cause at once, in a broker outage for example: WARN for the first failure of a kind
 * and then once a minute, DEBUG for the others.
 */
public final class RepeatedWarning {

    private static final Duration PERIOD = Duration.ofMinutes(1);

    private final LongSupplier nanoTime;
    private final Map<Object, Long> dueAt = new HashMap<>();

    public RepeatedWarning() {
        this(System::nanoTime);
    }

    RepeatedWarning(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** Returns the level of the line about this failure, whose kind is its class. */
    public Level level(Throwable failure) {
        return level(failure.getClass());
    }

    /** Returns the level of the line about a problem of this kind. */
    public synchronized Level level(Object kind) {
        long now = nanoTime.getAsLong();
        Long due = dueAt.get(kind);
        if (due != null && now - due < 0) {
            return Level.DEBUG;
        }
        dueAt.put(kind, now + PERIOD.toNanos());
        return Level.WARN;
    }
}
