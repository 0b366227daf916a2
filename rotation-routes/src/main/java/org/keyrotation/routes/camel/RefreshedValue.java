package org.keyrotation.routes.camel;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * A value that is expensive to compute. A read returns the last one, and refreshes it in the background once it is too old. The
 * refreshes take at most a twentieth of the time, however large the fleet is.
 *
 * @param <T> the type of the value
 */
public final class RefreshedValue<T> {

    private static final int MIN_TIMES_IDLE = 19;

    private final Callable<T> source;
    private final Duration maxAge;
    private final Executor executor;
    private @Nullable CompletableFuture<T> first;
    private @Nullable T value;
    private @Nullable Throwable failure;
    private boolean isRefreshing;
    private long dueAt = System.nanoTime();

    /**
     * @param source computes the value
     * @param maxAge when a value is too old, unless it takes long to compute
     * @param executor runs the refreshes, which may block
     */
    public RefreshedValue(Callable<T> source, Duration maxAge, Executor executor) {
        this.source = source;
        this.maxAge = maxAge;
        this.executor = executor;
    }

    /**
     * Returns the last value. The future is complete, unless the first value is being computed. It fails if none could be computed
     * so far.
     */
    public synchronized CompletableFuture<T> get() {
        if (!isRefreshing && System.nanoTime() - dueAt >= 0) {
            CompletableFuture<T> started = CompletableFuture.supplyAsync(this::compute, executor);
            isRefreshing = true;
            first = started;
            long startedAt = System.nanoTime();
            var unused = started.whenComplete((computed, thrown) -> finish(computed, thrown, startedAt));
        }
        return value == null ? requireNonNull(first) : CompletableFuture.completedFuture(value);
    }

    /** Returns why the last refresh failed, or null if it succeeded. */
    public synchronized @Nullable Throwable failure() {
        return failure;
    }

    private T compute() {
        try {
            return source.call();
        } catch (Exception e) {
            throw new CompletionException(e);
        }
    }

    private synchronized void finish(@Nullable T computed, @Nullable Throwable thrown, long startedAt) {
        long now = System.nanoTime();
        dueAt = now + Math.max(maxAge.toNanos(), MIN_TIMES_IDLE * (now - startedAt));
        failure = thrown;
        isRefreshing = false;
        if (computed != null) {
            value = computed;
        }
    }
}
