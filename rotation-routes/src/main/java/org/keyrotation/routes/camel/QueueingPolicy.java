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
 * Policy that lets an exchange enter its steps only with a permit. An exchange without one waits in a queue, on no thread,
 * until another exchange releases its permit.
 *
 * @param <P> the permit, which is released however the steps end
 */
public abstract class QueueingPolicy<P> implements Policy {

    private final SwitchThread continueOnPool;

    /** @param executor continues the exchanges that waited */
    protected QueueingPolicy(Executor executor) {
        this.continueOnPool = new SwitchThread(executor);
    }

    /** Returns the permit that this exchange needs. */
    protected abstract P permit(Exchange exchange);

    /** Acquires the permit, or queues the exchange and returns false. */
    protected abstract boolean acquireOrQueue(P permit, Queued queued);

    /** Releases the permit, or passes it to the next queued exchange and returns that. */
    protected abstract @Nullable Queued release(P permit);

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
                P permit = permit(exchange);
                Queued queued = () -> !continueOnPool.process(exchange, rejected -> {
                    if (rejected) {
                        callback.done(false);
                    } else {
                        proceed(permit, exchange, done -> callback.done(false));
                    }
                });
                return acquireOrQueue(permit, queued) && proceed(permit, exchange, callback);
            }

            private boolean proceed(P permit, Exchange exchange, AsyncCallback callback) {
                return super.process(exchange, doneSync -> {
                    try {
                        releaseAndProceed(permit);
                    } finally {
                        callback.done(doneSync);
                    }
                });
            }
        };
    }

    private void releaseAndProceed(P permit) {
        Queued next = release(permit);
        while (next != null && !next.proceed()) {
            next = release(permit);
        }
    }
}
