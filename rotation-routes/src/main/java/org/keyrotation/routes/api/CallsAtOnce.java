package org.keyrotation.routes.api;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Processor;
import org.apache.camel.Route;
import org.apache.camel.spi.Policy;
import org.apache.camel.support.processor.DelegateAsyncProcessor;
import org.jspecify.annotations.Nullable;

/**
 * Lets so many calls be under way at once, of all routes that share it; the others wait, on no thread, in the order in which
 * they came.
 */
final class CallsAtOnce implements Policy {

    private final Executor executor;
    private final Queue<Runnable> waiting = new ArrayDeque<>();
    private int free;

    /** @param executor of those who have waited */
    CallsAtOnce(int limit, Executor executor) {
        this.free = limit;
        this.executor = executor;
    }

    @Override
    public void beforeWrap(Route route, NamedNode definition) {
        // nothing of the route is changed
    }

    @Override
    public Processor wrap(Route route, Processor processor) {
        return new DelegateAsyncProcessor(processor) {
            @Override
            public boolean process(Exchange exchange, AsyncCallback callback) {
                boolean now = enter(() -> call(exchange, done -> callback.done(false)));
                return now && call(exchange, callback);
            }

            private boolean call(Exchange exchange, AsyncCallback callback) {
                return super.process(exchange, doneSync -> {
                    try {
                        leave();
                    } finally {
                        callback.done(doneSync);
                    }
                });
            }
        };
    }

    /** Whether there is room now; otherwise it is run later. */
    private synchronized boolean enter(Runnable later) {
        if (free == 0) {
            waiting.add(later);
            return false;
        }
        free--;
        return true;
    }

    private void leave() {
        Runnable next = nextOrFree();
        if (next != null) {
            executor.execute(next);
        }
    }

    private synchronized @Nullable Runnable nextOrFree() {
        Runnable next = waiting.poll();
        if (next == null) {
            free++;
        }
        return next;
    }
}
