package org.keyrotation.routes.camel;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A value that is expensive to compute. A read returns the last one, and refreshes it in the background once it is too old. The
 * refreshes take at most a tenth of the time, however large the fleet is.
 *
 * @param <T> the type of the value
 */
public final class RefreshedValue<T> {

    private static final int MIN_TIMES_IDLE = 9;

    private final Callable<T> source;
    private final Duration maxAge;
    private final Executor executor;
    private @Nullable CompletableFuture<T> latest;
    private @Nullable T value;
    private @Nullable Throwable failure;
    private boolean isRefreshing;
    private long lastDuration;
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
        CompletableFuture<T> last = refresh();
        return value == null ? last : CompletableFuture.completedFuture(value);
    }

    /** Returns the value that is being computed if it is there within this time, otherwise as {@link #get()} does. */
    public CompletableFuture<T> get(Duration patience) {
        CompletableFuture<T> refreshed;
        CompletableFuture<T> last;
        synchronized (this) {
            refreshed = refresh();
            last = get();
        }
        return refreshed
                .thenApply(Optional::of)
                .completeOnTimeout(Optional.empty(), patience.toNanos(), TimeUnit.NANOSECONDS)
                .exceptionally(thrown -> Optional.empty())
                .thenCompose(
                        newest -> newest.map(CompletableFuture::completedFuture).orElse(last));
    }

    /** Starts a refresh if it is due, and returns the last one. */
    private CompletableFuture<T> refresh() {
        if (!isRefreshing && System.nanoTime() - dueAt >= 0) {
            CompletableFuture<T> started = CompletableFuture.supplyAsync(this::compute, executor);
            isRefreshing = true;
            latest = started;
            long startedAt = System.nanoTime();
            var unused = started.whenComplete((computed, thrown) -> finish(computed, thrown, startedAt));
        }
        return requireNonNull(latest);
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
        long duration = now - startedAt;
        // The shorter of two: one that was slow by chance, as the first in a cold JVM, must not make the value old.
        long idle = thrown == null ? MIN_TIMES_IDLE * Math.min(duration, lastDuration) : 0;
        dueAt = now + Math.max(maxAge.toNanos(), idle);
        lastDuration = thrown == null ? duration : lastDuration;
        failure = thrown;
        isRefreshing = false;
        if (computed != null) {
            value = computed;
        }
    }
}
