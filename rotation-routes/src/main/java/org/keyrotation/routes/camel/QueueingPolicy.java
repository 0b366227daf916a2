package org.keyrotation.routes.camel;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Processor;
import org.apache.camel.Route;
import org.apache.camel.spi.Policy;
import org.apache.camel.support.processor.DelegateAsyncProcessor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Policy that lets an exchange enter its steps only with a permit for its key. An exchange without one waits in a queue, on
 * no thread, until another exchange releases its permit, however its steps end.
 *
 * @param <K> the key of an exchange
 */
public abstract class QueueingPolicy<K> implements Policy {

    private static final Logger LOG = LoggerFactory.getLogger(QueueingPolicy.class);

    private final SwitchThread continueOnPool;

    /** @param executor continues the exchanges that waited */
    protected QueueingPolicy(Executor executor) {
        this.continueOnPool = new SwitchThread(executor);
    }

    /** Returns the key of this exchange. */
    protected abstract K key(Exchange exchange);

    /** Acquires a permit, or queues the exchange and returns false. */
    protected abstract boolean acquireOrQueue(K key, Queued<K> queued);

    /** Releases a permit of this key, and returns the queued exchanges that have got a permit now. */
    protected abstract Collection<Queued<K>> release(K key);

    /**
     * An exchange that waits for its permit.
     *
     * @param continuation continues the exchange, or returns false if no thread can be had; the exchange has failed then
     */
    protected record Queued<K>(K key, BooleanSupplier continuation) {}

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
                Queued<K> queued = new Queued<>(
                        key,
                        () -> !continueOnPool.process(exchange, rejected -> {
                            if (rejected) { // only a rejected exchange completes synchronously
                                callback.done(false);
                            } else {
                                proceed(key, exchange, done -> callback.done(false));
                            }
                        }));
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
        Queue<Queued<K>> started = new ArrayDeque<>(release(key));
        while (!started.isEmpty()) {
            Queued<K> next = started.remove();
            if (!proceeds(next)) {
                started.addAll(release(next.key()));
            }
        }
    }

    /** A callback that fails must not keep the next exchange from its permit. */
    private static boolean proceeds(Queued<?> queued) {
        try {
            return queued.continuation().getAsBoolean();
        } catch (RuntimeException | Error e) {
            LOG.warn("A callback of an exchange failed: {}", e.getClass().getName());
            return false;
        }
    }
}
