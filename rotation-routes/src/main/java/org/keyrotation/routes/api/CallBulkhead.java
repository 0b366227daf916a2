package org.keyrotation.routes.api;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;
import org.keyrotation.routes.camel.QueueingPolicy;

/** Lets so many calls be under way at once, of all routes that share it; the others wait in the order in which they came. */
final class CallBulkhead extends QueueingPolicy<CallBulkhead> {

    private final Queue<Queued> waiting = new ArrayDeque<>();
    private int free;

    /** @param executor of those who have waited */
    CallBulkhead(int limit, Executor executor) {
        super(executor);
        this.free = limit;
    }

    /** One is as good as another. */
    @Override
    protected CallBulkhead permit(Exchange exchange) {
        return this;
    }

    @Override
    protected synchronized boolean acquireOrQueue(CallBulkhead any, Queued later) {
        if (free == 0) {
            waiting.add(later);
            return false;
        }
        free--;
        return true;
    }

    @Override
    protected synchronized @Nullable Queued release(CallBulkhead any) {
        Queued next = waiting.poll();
        if (next == null) {
            free++;
        }
        return next;
    }
}
