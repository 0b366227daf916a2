package org.keyrotation.sandbox;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicReference;

/** A clock that tests advance. It ticks with the system's clock or stands still. */
public final class MutableClock extends Clock {

    private final Clock base;
    private final AtomicReference<Duration> ahead;

    private MutableClock(Clock base, AtomicReference<Duration> ahead) {
        this.base = base;
        this.ahead = ahead;
    }

    /** Starts at the system's time and ticks with it. */
    public static MutableClock ticking() {
        return new MutableClock(Clock.systemUTC(), new AtomicReference<>(Duration.ZERO));
    }

    /** Moves only by {@link #advance}. */
    public static MutableClock stoppedAt(Instant instant) {
        return new MutableClock(Clock.fixed(instant, ZoneOffset.UTC), new AtomicReference<>(Duration.ZERO));
    }

    public void advance(Duration by) {
        ahead.updateAndGet(by::plus);
    }

    @Override
    public Instant instant() {
        return base.instant().plus(ahead.get());
    }

    @Override
    public ZoneId getZone() {
        return base.getZone();
    }

    /** Shares its offset with this clock: advancing one advances both. */
    @Override
    public MutableClock withZone(ZoneId zone) {
        return new MutableClock(base.withZone(zone), ahead);
    }
}
