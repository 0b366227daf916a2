package org.keyrotation.routes.rotate;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import org.apache.camel.Exchange;
import org.keyrotation.model.CredentialId;
import org.keyrotation.routes.camel.QueueingPolicy;

/** Camel policy that admits one rotation of a credential at a time in this JVM. Further ones wait first in, first out. */
final class CredentialMutex extends QueueingPolicy<CredentialId> {

    /** Waiters by credential. A present key means "locked". Queues are accessed only inside merge() and computeIfPresent(). */
    private final ConcurrentMap<CredentialId, Queue<Queued<CredentialId>>> waiters = new ConcurrentHashMap<>();

    CredentialMutex(Executor executor) {
        super(executor);
    }

    @Override
    protected CredentialId key(Exchange exchange) {
        return exchange.getMessage().getBody(Rotation.class).credential();
    }

    @Override
    protected boolean acquireOrQueue(CredentialId credential, Queued<CredentialId> queued) {
        Queue<Queued<CredentialId>> newQueue = new ArrayDeque<>();
        Queue<Queued<CredentialId>> queue = waiters.merge(credential, newQueue, (waiting, unused) -> {
            waiting.add(queued);
            return waiting;
        });
        return queue == newQueue;
    }

    @Override
    protected Collection<Queued<CredentialId>> release(CredentialId credential) {
        List<Queued<CredentialId>> next = new ArrayList<>(1);
        waiters.computeIfPresent(credential, (id, waiting) -> {
            if (waiting.isEmpty()) {
                return null;
            }
            next.add(waiting.remove());
            return waiting;
        });
        return next;
    }
}
