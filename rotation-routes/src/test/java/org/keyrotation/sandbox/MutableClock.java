package org.keyrotation.sandbox;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicReference;

/** A clock that can be moved on: one that ticks with the system's, or one that stands still. */
public final class MutableClock extends Clock {

    private final Clock base;
    private final AtomicReference<Duration> ahead;

    private MutableClock(Clock base, AtomicReference<Duration> ahead) {
        this.base = base;
        this.ahead = ahead;
    }

    /** Shows the system's time until it is advanced, and keeps ticking then. */
    public static MutableClock ticking() {
        return new MutableClock(Clock.systemUTC(), new AtomicReference<>(Duration.ZERO));
    }

    /** Moves only when it is advanced. */
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

    /** The same clock in another zone: advancing either moves both. */
    @Override
    public MutableClock withZone(ZoneId zone) {
        return new MutableClock(base.withZone(zone), ahead);
    }
}
