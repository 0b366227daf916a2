package org.keyrotation.routes.rotate;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Semaphore;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Processor;
import org.apache.camel.Route;
import org.apache.camel.spi.Policy;
import org.apache.camel.support.processor.DelegateAsyncProcessor;
import org.jspecify.annotations.Nullable;
import org.keyrotation.model.CredentialId;

/** Makes a rotation wait for the one of the same credential that is under way in this instance. */
final class OneAtATimePerCredential implements Policy {

    private final ConcurrentMap<CredentialId, Turn> turns = new ConcurrentHashMap<>();

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
                enter(credential);
                return super.process(exchange, doneSync -> {
                    leave(credential);
                    callback.done(doneSync);
                });
            }
        };
    }

    private void enter(CredentialId credential) {
        turns.compute(credential, (id, turn) -> turn == null ? new Turn() : turn.joined())
                .semaphore
                .acquireUninterruptibly();
    }

    private void leave(CredentialId credential) {
        turns.computeIfPresent(credential, (id, turn) -> turn.left());
    }

    /** Its count is only touched inside the map's compute, which is atomic per credential. */
    private static final class Turn {
        private final Semaphore semaphore = new Semaphore(1);
        private int holders = 1;

        Turn joined() {
            holders++;
            return this;
        }

        @Nullable
        Turn left() {
            semaphore.release();
            return --holders == 0 ? null : this;
        }
    }
}
