package org.keyrotation.routes.rotate;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * Lets a direct call wait while another instance holds the rotation of its credential: the outcome of that one may be its
 * own. A request of the topic does not wait. It is deferred, as is a direct call after this wait.
 */
final class HolderWait {

    private static final long POLL_INTERVAL_MS = 100;

    private final Predicate<Rotation> isBehindAnother;
    private final Duration maxWait;
    private final Executor executor;

    /** @param maxWait long enough for the lease of a holder that has died */
    HolderWait(Predicate<Rotation> isBehindAnother, Duration maxWait, Executor executor) {
        this.isBehindAnother = isBehindAnother;
        this.maxWait = maxWait;
        this.executor = executor;
    }

    /** Completes with the same rotation when there is no other holder, or after the longest wait. */
    CompletableFuture<Rotation> await(Rotation rotation) {
        return rotation.isDirectCall()
                ? await(rotation, System.nanoTime() + maxWait.toNanos())
                : CompletableFuture.completedFuture(rotation);
    }

    private CompletableFuture<Rotation> await(Rotation rotation, long deadline) {
        if (System.nanoTime() - deadline >= 0 || !isBehindAnother.test(rotation)) {
            return CompletableFuture.completedFuture(rotation);
        }
        return new CompletableFuture<Rotation>() // a delayed executor would never complete after its pool is shut down
                .completeOnTimeout(rotation, POLL_INTERVAL_MS, TimeUnit.MILLISECONDS)
                .thenComposeAsync(waited -> await(waited, deadline), executor);
    }
}
