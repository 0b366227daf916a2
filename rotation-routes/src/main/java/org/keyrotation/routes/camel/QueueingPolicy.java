package org.keyrotation.routes.camel;

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
 * Policy that lets an exchange enter its steps only with a permit for its key. An exchange without one waits in a queue, on
 * no thread, until another exchange releases its permit, however its steps end.
 *
 * @param <K> the key; exchanges with the same key share a queue
 */
public abstract class QueueingPolicy<K> implements Policy {

    private final SwitchThread continueOnPool;

    /** @param executor continues the exchanges that waited */
    protected QueueingPolicy(Executor executor) {
        this.continueOnPool = new SwitchThread(executor);
    }

    /** Returns the key of this exchange. */
    protected abstract K key(Exchange exchange);

    /** Acquires a permit, or queues the exchange and returns false. */
    protected abstract boolean acquireOrQueue(K key, Queued queued);

    /** Releases a permit, or passes it to the next queued exchange and returns that. */
    protected abstract @Nullable Queued release(K key);

    /** An exchange that waits for its permit. */
    @FunctionalInterface
    protected interface Queued {

        /** Continues the exchange. Returns false if no thread can be had; the exchange has failed then. */
        boolean proceed();
    }

    @Override
    public final void beforeWrap(Route route, NamedNode definition) {
        // the route stays as it is
    }

    @Override
    public final Processor wrap(Route route, Processor processor) {
        return new DelegateAsyncProcessor(processor) {
            @Override
            public boolean process(Exchange exchange, AsyncCallback callback) {
                K key = key(exchange);
                Queued queued = () -> !continueOnPool.process(exchange, rejected -> {
                    if (rejected) { // only a rejected exchange completes synchronously
                        callback.done(false);
                    } else {
                        proceed(key, exchange, done -> callback.done(false));
                    }
                });
                return acquireOrQueue(key, queued) && proceed(key, exchange, callback);
            }

            private boolean proceed(K key, Exchange exchange, AsyncCallback callback) {
                return super.process(exchange, doneSync -> {
                    try {
                        releaseAndProceed(key);
                    } finally {
                        callback.done(doneSync);
                    }
                });
            }
        };
    }

    private void releaseAndProceed(K key) {
        Queued next = release(key);
        while (next != null && !next.proceed()) {
            next = release(key);
        }
    }
}
