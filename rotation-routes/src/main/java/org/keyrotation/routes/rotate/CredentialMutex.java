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

/** Camel policy that admits one rotation of a credential at a time in this JVM. Further ones wait first in, first out. */
final class CredentialMutex extends QueueingPolicy<CredentialId> {

    /** Waiters by credential. A present key means "locked". Queues are accessed only inside merge() and computeIfPresent(). */
    private final ConcurrentMap<CredentialId, Queue<Queued>> waiters = new ConcurrentHashMap<>();

    CredentialMutex(Executor executor) {
        super(executor);
    }

    @Override
    protected CredentialId key(Exchange exchange) {
        return exchange.getMessage().getBody(Rotation.class).credential();
    }

    @Override
    protected boolean acquireOrQueue(CredentialId credential, Queued queued) {
        Queue<Queued> newQueue = new ArrayDeque<>();
        Queue<Queued> queue = waiters.merge(credential, newQueue, (waiting, unused) -> {
            waiting.add(queued);
            return waiting;
        });
        return queue == newQueue;
    }

    @Override
    protected @Nullable Queued release(CredentialId credential) {
        AtomicReference<@Nullable Queued> next = new AtomicReference<>();
        waiters.computeIfPresent(credential, (id, waiting) -> {
            next.set(waiting.poll());
            return next.get() == null ? null : waiting;
        });
        return next.get();
    }
}
