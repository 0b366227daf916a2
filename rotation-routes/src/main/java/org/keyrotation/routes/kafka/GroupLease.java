package org.keyrotation.routes.kafka;

import java.time.Duration;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;

/**
 * Whether a consumer is sure to be in its group still: it is not, once its session time-out has gone by without an answer
 * to a heartbeat. A process that was stopped, or that the broker does not hear any more, finds out here before it acts.
 */
final class GroupLease {

    private final long sessionNanos;
    private final LongSupplier nanoTime;
    private final DoubleSupplier answeredHeartbeats;
    private volatile long lastSign;
    private long lastAnswer;
    private double seen;

    GroupLease(Duration session, DoubleSupplier answeredHeartbeats, LongSupplier nanoTime) {
        this.sessionNanos = session.toNanos();
        this.answeredHeartbeats = answeredHeartbeats;
        this.nanoTime = nanoTime;
        joined();
    }

    /** May be asked on any thread. */
    boolean holds() {
        return nanoTime.getAsLong() - lastSign <= sessionNanos;
    }

    /**
     * On the consumer's thread, each time that it has polled. One heartbeat is under way at a time, so an answer is to one
     * that was sent after the answer before was there, and counts from then: the broker may have heard it that early.
     */
    void look() {
        double now = answeredHeartbeats.getAsDouble();
        if (now != seen) {
            seen = now;
            lastSign = lastAnswer;
            lastAnswer = nanoTime.getAsLong();
        }
    }

    /** The group has just given partitions. */
    void joined() {
        lastSign = nanoTime.getAsLong();
        lastAnswer = lastSign;
    }
}
