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
 * Has some of those who come wait, on no thread, until another has left.
 *
 * @param <P> the place that somebody takes, and gives back however its steps end
 */
public abstract class QueueingPolicy<P> implements Policy {

    private final SwitchThread toAnotherThread;

    /** @param executor of those who have waited */
    protected QueueingPolicy(Executor executor) {
        this.toAnotherThread = new SwitchThread(executor);
    }

    /** That this one asks for. */
    protected abstract P place(Exchange exchange);

    /** Whether its turn is now; otherwise it waits. */
    protected abstract boolean enter(P place, Waiting later);

    /** Answers with who is next. */
    protected abstract @Nullable Waiting leave(P place);

    /** One whose turn comes later. */
    @FunctionalInterface
    protected interface Waiting {

        /** False where no thread can be had for it: then it has ended. */
        boolean begin();
    }

    @Override
    public final void beforeWrap(Route route, NamedNode definition) {
        // nothing of the route is changed
    }

    @Override
    public final Processor wrap(Route route, Processor processor) {
        return new DelegateAsyncProcessor(processor) {
            @Override
            public boolean process(Exchange exchange, AsyncCallback callback) {
                P place = place(exchange);
                Waiting later = () -> !toAnotherThread.process(exchange, refused -> {
                    if (refused) {
                        callback.done(false);
                    } else {
                        proceed(place, exchange, done -> callback.done(false));
                    }
                });
                return enter(place, later) && proceed(place, exchange, callback);
            }

            private boolean proceed(P place, Exchange exchange, AsyncCallback callback) {
                return super.process(exchange, doneSync -> {
                    try {
                        beginNext(place);
                    } finally {
                        callback.done(doneSync);
                    }
                });
            }
        };
    }

    private void beginNext(P place) {
        Waiting next = leave(place);
        while (next != null && !next.begin()) {
            next = leave(place);
        }
    }
}
