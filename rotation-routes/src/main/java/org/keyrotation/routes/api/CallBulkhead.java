package org.keyrotation.routes.api;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;
import org.keyrotation.routes.camel.QueueingPolicy;

/** A bulkhead: limits the calls in flight of all routes that share it. Further calls queue, first in, first out. */
final class CallBulkhead extends QueueingPolicy<CallBulkhead> {

    private final Queue<Queued> queue = new ArrayDeque<>();
    private int availablePermits;

    /** @param executor runs the calls that have queued */
    CallBulkhead(int maxConcurrentCalls, Executor executor) {
        super(executor);
        this.availablePermits = maxConcurrentCalls;
    }

    /** All exchanges share one queue. */
    @Override
    protected CallBulkhead key(Exchange exchange) {
        return this;
    }

    @Override
    protected synchronized boolean acquireOrQueue(CallBulkhead bulkhead, Queued queued) {
        if (availablePermits == 0) {
            queue.add(queued);
            return false;
        }
        availablePermits--;
        return true;
    }

    @Override
    protected synchronized @Nullable Queued release(CallBulkhead bulkhead) {
        Queued next = queue.poll();
        if (next == null) {
            availablePermits++;
        }
        return next;
    }
}
