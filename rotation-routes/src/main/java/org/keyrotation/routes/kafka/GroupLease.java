package org.keyrotation.routes.kafka;

import java.time.Duration;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;

/**
 * The lease that a consumer has on its group membership. It ends when {@code session.timeout.ms} goes by without a heartbeat
 * response. A process that was stopped, or cut off from the broker, notices this before it acts.
 */
final class GroupLease {

    private final long sessionTimeoutNanos;
    private final LongSupplier nanoTime;
    private final DoubleSupplier heartbeatResponses;
    private volatile long renewedAt;
    private long lastResponseAt;
    private double lastResponses;

    /** @param heartbeatResponses the number of heartbeat responses so far */
    GroupLease(Duration sessionTimeout, DoubleSupplier heartbeatResponses, LongSupplier nanoTime) {
        this.sessionTimeoutNanos = sessionTimeout.toNanos();
        this.heartbeatResponses = heartbeatResponses;
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
        double responses = heartbeatResponses.getAsDouble();
        if (responses != lastResponses) {
            lastResponses = responses;
            renewedAt = lastResponseAt;
            lastResponseAt = nanoTime.getAsLong();
        }
    }

    /** Renews the lease: the group has just assigned partitions. */
    void renew() {
        renewedAt = nanoTime.getAsLong();
        lastResponseAt = renewedAt;
    }
}
