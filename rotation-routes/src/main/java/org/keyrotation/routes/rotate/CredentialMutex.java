package org.keyrotation.routes.rotate;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;
import org.keyrotation.model.CredentialId;
import org.keyrotation.routes.camel.QueueingPolicy;

/** Makes a rotation wait for the one of the same credential that is under way in this instance. */
final class CredentialMutex extends QueueingPolicy<CredentialId> {

    /** Who wait, of each credential that is rotated just now; a queue is only touched inside the map's compute. */
    private final ConcurrentMap<CredentialId, Queue<Waiting>> waiting = new ConcurrentHashMap<>();

    /** @param executor of those who have waited */
    CredentialMutex(Executor executor) {
        super(executor);
    }

    @Override
    protected CredentialId place(Exchange exchange) {
        return exchange.getMessage().getBody(Rotation.class).credential();
    }

    @Override
    protected boolean enter(CredentialId credential, Waiting later) {
        Queue<Waiting> nobody = new ArrayDeque<>();
        Queue<Waiting> queue = waiting.merge(credential, nobody, (others, unused) -> {
            others.add(later);
            return others;
        });
        return queue == nobody;
    }

    @Override
    protected @Nullable Waiting leave(CredentialId credential) {
        AtomicReference<@Nullable Waiting> next = new AtomicReference<>();
        waiting.computeIfPresent(credential, (id, others) -> {
            next.set(others.poll());
            return next.get() == null ? null : others;
        });
        return next.get();
    }
}
