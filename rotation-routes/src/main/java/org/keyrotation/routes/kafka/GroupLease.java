package org.keyrotation.routes.kafka;

import java.time.Duration;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;

/**
 * A consumer's lease on its group membership. It ends {@code session.timeout.ms} after the last heartbeat response. A process
 * that was paused or cut off from the broker checks it before each side effect, so that it does not act as a zombie.
 */
final class GroupLease {

    private final long sessionTimeoutNanos;
    private final LongSupplier nanoTime;
    private final DoubleSupplier heartbeatResponseCount;
    private volatile long renewedAt;
    private long lastResponseAt;
    private double lastResponseCount;

    /** @param heartbeatResponseCount the number of heartbeat responses so far */
    GroupLease(Duration sessionTimeout, DoubleSupplier heartbeatResponseCount, LongSupplier nanoTime) {
        this.sessionTimeoutNanos = sessionTimeout.toNanos();
        this.heartbeatResponseCount = heartbeatResponseCount;
        this.nanoTime = nanoTime;
        renew();
    }

    /** Safe on any thread. */
    boolean isValid() {
        return nanoTime.getAsLong() - renewedAt <= sessionTimeoutNanos;
    }

    /**
     * Renews the lease if a heartbeat response has come. Called on the consumer's thread after each poll.
     *
     * <p>One heartbeat is in flight at a time, and the broker may have received it as early as the previous response. The
     * lease therefore counts from the previous response.
     */
    void renewOnHeartbeat() {
        double responses = heartbeatResponseCount.getAsDouble();
        if (responses != lastResponseCount) {
            lastResponseCount = responses;
            renewedAt = lastResponseAt;
            lastResponseAt = nanoTime.getAsLong();
        }
    }

    /** Starts the lease anew: for a new consumer, and after the group has assigned partitions. */
    void renew() {
        renewedAt = nanoTime.getAsLong();
        lastResponseAt = renewedAt;
    }
}
