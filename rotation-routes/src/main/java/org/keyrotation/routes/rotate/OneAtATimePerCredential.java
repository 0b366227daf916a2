package org.keyrotation.routes.rotate;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Processor;
import org.apache.camel.Route;
import org.apache.camel.spi.Policy;
import org.apache.camel.support.processor.DelegateAsyncProcessor;
import org.jspecify.annotations.Nullable;
import org.keyrotation.model.CredentialId;

/** Makes a rotation wait, on no thread, for the one of the same credential that is under way in this instance. */
final class OneAtATimePerCredential implements Policy {

    private final Executor executor;

    /** Who wait, of each credential that is rotated just now; a queue is only touched inside the map's compute. */
    private final ConcurrentMap<CredentialId, Queue<Runnable>> waiting = new ConcurrentHashMap<>();

    /** @param executor of those who have waited */
    OneAtATimePerCredential(Executor executor) {
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
                CredentialId credential =
                        exchange.getMessage().getBody(Rotation.class).credential();
                boolean first = enter(credential, () -> rotate(credential, exchange, done -> callback.done(false)));
                return first && rotate(credential, exchange, callback);
            }

            private boolean rotate(CredentialId credential, Exchange exchange, AsyncCallback callback) {
                return super.process(exchange, doneSync -> {
                    try {
                        leave(credential);
                    } finally {
                        callback.done(doneSync);
                    }
                });
            }
        };
    }

    /** Whether its turn is now; otherwise it is run later. */
    private boolean enter(CredentialId credential, Runnable later) {
        Queue<Runnable> nobody = new ArrayDeque<>();
        Queue<Runnable> queue = waiting.merge(credential, nobody, (others, unused) -> {
            others.add(later);
            return others;
        });
        return queue == nobody;
    }

    private void leave(CredentialId credential) {
        AtomicReference<@Nullable Runnable> next = new AtomicReference<>();
        waiting.computeIfPresent(credential, (id, others) -> {
            next.set(others.poll());
            return next.get() == null ? null : others;
        });
        Runnable whoIsNext = next.get();
        if (whoIsNext != null) {
            executor.execute(whoIsNext);
        }
    }
}
