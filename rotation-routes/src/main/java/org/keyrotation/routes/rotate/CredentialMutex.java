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

/** Mutex that runs one rotation of a credential at a time in this instance. */
final class CredentialMutex extends QueueingPolicy<CredentialId> {

    /** Waiters by credential. A present key means "locked". Queues are accessed only inside compute(). */
    private final ConcurrentMap<CredentialId, Queue<Queued>> waiters = new ConcurrentHashMap<>();

    /** @param executor continues the exchanges that waited */
    CredentialMutex(Executor executor) {
        super(executor);
    }

    @Override
    protected CredentialId permit(Exchange exchange) {
        return exchange.getMessage().getBody(Rotation.class).credential();
    }

    @Override
    protected boolean acquireOrQueue(CredentialId credential, Queued queued) {
        Queue<Queued> unlocked = new ArrayDeque<>();
        Queue<Queued> queue = waiters.merge(credential, unlocked, (others, unused) -> {
            others.add(queued);
            return others;
        });
        return queue == unlocked;
    }

    @Override
    protected @Nullable Queued release(CredentialId credential) {
        AtomicReference<@Nullable Queued> next = new AtomicReference<>();
        waiters.computeIfPresent(credential, (id, others) -> {
            next.set(others.poll());
            return next.get() == null ? null : others;
        });
        return next.get();
    }
}
