package org.keyrotation.routes.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.keyrotation.routes.camel.RepeatedWarning;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The buffer of the records that a consumer has polled and not completed. It processes them in parallel, in order per
 * key, and knows the committable offset of each partition: that of the first incomplete record.
 *
 * <p>The consumer adds records as it polls them; the route enqueues them afterwards. A record that the route loses is
 * therefore never completed, and its offset never committed.
 */
final class InFlightRecords {

    private static final Logger LOG = LoggerFactory.getLogger(InFlightRecords.class);
    private static final int MAX_BACKOFF_SECONDS = 32;
    private static final Duration PROCESS_AGAIN_DELAY = Duration.ofMillis(200);

    /** Slow start: in a cold JVM, high concurrency delays the first result. */
    private static final int SLOW_START_CONCURRENCY = 16;

    /** Byte limit of the buffer, for records that are much larger than usual. */
    private static final long MAX_BUFFERED_BYTES = 32L * 1024 * 1024;

    private final int capacity;
    private final int maxConcurrency;
    private final FairQueue queue;
    private final Executor executor;
    private final Duration slowStartTimeout;
    private final Function<InFlightRecord, CompletableFuture<?>> handler;
    private final Map<TopicPartition, PartitionOffsets> partitions = new HashMap<>();
    private final KeyQueues keyQueues = new KeyQueues();
    private final RepeatedWarning failureWarning = new RepeatedWarning();
    private int size;
    private long sizeInBytes;
    private int inFlightCount;
    private int concurrency;
    private boolean isPaused;
    private boolean isDispatching;
    private @Nullable Long wakeUpAt;

    /**
     * @param capacity the number of incomplete records at which the buffer is full
     * @param maxConcurrency the maximum number of records in flight, after the slow start
     * @param queue decides which record is next
     * @param executor runs delayed tasks
     * @param slowStartTimeout ends the slow start if no record completes
     * @param handler called under the lock of this object, so it must not block. Its future completes when the record is
     *     processed. A failed record is started again after a backoff
     */
    InFlightRecords(
            int capacity,
            int maxConcurrency,
            FairQueue queue,
            Executor executor,
            Duration slowStartTimeout,
            Function<InFlightRecord, CompletableFuture<?>> handler) {
        this.capacity = capacity;
        this.maxConcurrency = maxConcurrency;
        this.concurrency = Math.min(maxConcurrency, SLOW_START_CONCURRENCY);
        this.queue = queue;
        this.executor = executor;
        this.slowStartTimeout = slowStartTimeout;
        this.handler = handler;
    }

    synchronized boolean isFull() {
        return size >= capacity || sizeInBytes >= MAX_BUFFERED_BYTES;
    }

    /**
     * Adds polled records.
     *
     * @param records in the offset order of their partition
     * @param ready completes when the records may start
     */
    synchronized void add(List<InFlightRecord> records, CompletableFuture<Void> ready) {
        List<InFlightRecord> added = records.stream().filter(this::add).toList();
        var unused = ready.thenRun(() -> markReady(added));
    }

    private boolean add(InFlightRecord polled) {
        boolean isNew = partitions
                .computeIfAbsent(polled.partition(), partition -> new PartitionOffsets(polled.offset()))
                .add(polled);
        if (isNew) {
            size++;
            sizeInBytes += polled.sizeInBytes();
        }
        return isNew;
    }

    /** Enqueues an added record, which the route has received. */
    synchronized void enqueue(TopicPartition partition, long offset) {
        PartitionOffsets offsets = partitions.get(partition);
        InFlightRecord polled = offsets == null ? null : offsets.get(offset);
        if (polled != null && polled.state == InFlightRecord.State.POLLED) {
            polled.state = InFlightRecord.State.QUEUED;
            keyQueues.add(polled);
            enqueueAndDispatch(polled);
        }
    }

    /** Whether a later record with the same ordering key, and of this kind, is enqueued. */
    synchronized boolean isFollowedBy(InFlightRecord inFlight, Predicate<ConsumerRecord<byte[], byte[]>> kind) {
        return keyQueues.after(inFlight).map(InFlightRecord::consumerRecord).anyMatch(kind);
    }

    /** Returns a snapshot of the incomplete records. */
    synchronized List<ConsumerRecord<byte[], byte[]>> incomplete() {
        return incomplete(partitions()).stream()
                .map(InFlightRecord::consumerRecord)
                .toList();
    }

    /** Returns the number of records in flight, those between two passes included. */
    synchronized int inFlightCount() {
        return inFlightCount;
    }

    /** Returns the first incomplete offset of each partition, or the offset after its last record. */
    synchronized Map<TopicPartition, Long> committableOffsets() {
        Map<TopicPartition, Long> committable = new HashMap<>();
        partitions.forEach((partition, offsets) -> committable.put(partition, offsets.committableOffset()));
        return committable;
    }

    /** Starts no record until {@link #resume()}. One in flight may be processed again. */
    synchronized void pause() {
        isPaused = true;
    }

    synchronized void resume() {
        isPaused = false;
        dispatchAll();
    }

    /** Starts no more records of these partitions, and waits until those in flight end or the timeout is over. */
    synchronized void drain(Collection<TopicPartition> draining, Duration timeout) throws InterruptedException {
        for (InFlightRecord each : incomplete(draining)) {
            each.isDraining = true;
            if (each.state != InFlightRecord.State.IN_FLIGHT) {
                each.revoke();
            }
        }
        queue.removeRevoked();
        long deadline = System.nanoTime() + timeout.toNanos();
        long left = timeout.toNanos();
        while (left > 0
                && incomplete(draining).stream().anyMatch(each -> each.state == InFlightRecord.State.IN_FLIGHT)) {
            TimeUnit.NANOSECONDS.timedWait(this, left);
            left = deadline - System.nanoTime();
        }
    }

    /** Removes these partitions. The handlers of their records lose the ownership. */
    synchronized void revoke(Collection<TopicPartition> revoked) {
        List<InFlightRecord> records = incomplete(revoked);
        records.forEach(InFlightRecord::revoke); // all of them first: a removal from a key queue starts the next record
        queue.removeRevoked();
        for (InFlightRecord each : records) {
            size--;
            sizeInBytes -= each.sizeInBytes();
            if (each.state != InFlightRecord.State.IN_FLIGHT) {
                removeFromKeyQueue(each);
            }
        }
        revoked.forEach(partitions::remove);
    }

    /**
     * Revokes the incomplete records, and keeps the committable offsets.
     *
     * @return the offset to seek to, of each partition that had incomplete records
     */
    synchronized Map<TopicPartition, Long> abandonIncomplete() {
        Map<TopicPartition, Long> committable = committableOffsets();
        Map<TopicPartition, Long> seekTo = new HashMap<>(committable);
        partitions.forEach((partition, offsets) -> {
            if (offsets.incomplete().isEmpty()) {
                seekTo.remove(partition);
            }
        });
        revoke(partitions());
        committable.forEach((partition, offset) -> partitions.put(partition, new PartitionOffsets(offset)));
        return seekTo;
    }

    synchronized Collection<TopicPartition> partitions() {
        return List.copyOf(partitions.keySet());
    }

    private List<InFlightRecord> incomplete(Collection<TopicPartition> some) {
        List<InFlightRecord> records = new ArrayList<>();
        partitions.forEach((partition, offsets) -> {
            if (some.contains(partition)) {
                records.addAll(offsets.incomplete());
            }
        });
        return records;
    }

    private synchronized void markReady(List<InFlightRecord> records) {
        for (InFlightRecord each : records) {
            each.isReady = true;
            addToQueue(each);
        }
        dispatchAll();
    }

    private void enqueueAndDispatch(InFlightRecord queued) {
        addToQueue(queued);
        dispatchAll();
    }

    private void addToQueue(InFlightRecord queued) {
        if (queued.isReady
                && queued.state == InFlightRecord.State.QUEUED
                && !queued.isRevoked()
                && keyQueues.isHead(queued)) {
            queue.add(queued);
        }
    }

    /** Not re-entrant: a record may complete while it starts, which calls this method again. */
    private void dispatchAll() {
        if (!isDispatching) {
            isDispatching = true;
            try {
                InFlightRecord next = poll();
                while (next != null) {
                    start(next);
                    next = poll();
                }
            } finally {
                isDispatching = false;
            }
        }
    }

    private @Nullable InFlightRecord poll() {
        if (isPaused || inFlightCount >= concurrency) {
            return null;
        }
        InFlightRecord next = queue.poll();
        Duration delay = next == null ? queue.delay() : null;
        if (delay != null) {
            wakeUpAfter(delay);
        }
        return next;
    }

    private void start(InFlightRecord next) {
        if (inFlightCount == 0 && concurrency < maxConcurrency) {
            schedule(slowStartTimeout, this::endSlowStart);
        }
        inFlightCount++;
        next.state = InFlightRecord.State.IN_FLIGHT;
        process(next);
    }

    private void process(InFlightRecord started) {
        var unused = invokeHandler(started).whenComplete((done, failure) -> finish(started, failure));
    }

    private void wakeUpAfter(Duration delay) {
        long at = System.nanoTime() + delay.toNanos();
        if (wakeUpAt == null || at - wakeUpAt < 0) {
            wakeUpAt = at;
            schedule(delay, () -> wakeUp(at));
        }
    }

    private void schedule(Duration delay, Runnable task) {
        CompletableFuture.delayedExecutor(delay.toNanos(), TimeUnit.NANOSECONDS, executor)
                .execute(task);
    }

    private synchronized void wakeUp(long at) {
        if (wakeUpAt != null && wakeUpAt == at) {
            wakeUpAt = null;
        }
        dispatchAll();
    }

    private synchronized void endSlowStart() {
        concurrency = maxConcurrency;
        dispatchAll();
    }

    private CompletableFuture<?> invokeHandler(InFlightRecord started) {
        try {
            return handler.apply(started);
        } catch (RuntimeException | Error e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private synchronized void finish(InFlightRecord finished, @Nullable Throwable failure) {
        if (failure != null && cause(failure) instanceof ProcessAgainException && mayBeProcessedAgain(finished)) {
            LOG.info("Processing {} again: {}", finished, cause(failure).getMessage());
            schedule(
                    PROCESS_AGAIN_DELAY, () -> processAgain(finished, failure)); // in flight still: a stop waits for it
            return;
        }
        inFlightCount--;
        queue.release(finished);
        concurrency = maxConcurrency;
        if (failure != null
                && !finished
                        .isRevoked()) { // an invalid lease is not a revocation: retry, the partition may be retained
            retryLater(finished, failure);
        } else {
            removeFromKeyQueue(finished);
            if (failure == null) {
                complete(finished);
            }
        }
        notifyAll();
        dispatchAll();
    }

    private void complete(InFlightRecord finished) {
        PartitionOffsets offsets = partitions.get(finished.partition());
        if (offsets != null && offsets.complete(finished)) {
            size--;
            sizeInBytes -= finished.sizeInBytes();
        }
    }

    private synchronized void processAgain(InFlightRecord again, Throwable failure) {
        if (mayBeProcessedAgain(again)) {
            process(again);
        } else {
            finish(again, failure);
        }
    }

    private static boolean mayBeProcessedAgain(InFlightRecord finished) {
        return !finished.isRevoked() && !finished.isDraining;
    }

    private static Throwable cause(Throwable failure) {
        return failure.getCause() == null ? failure : failure.getCause();
    }

    private void retryLater(InFlightRecord failed, Throwable failure) {
        Throwable cause = cause(failure);
        failed.state = InFlightRecord.State.QUEUED;
        failed.isReady = false;
        if (failed.isDraining) {
            LOG.atLevel(failureWarning.level(cause))
                    .log(
                            "Processing of {} failed, leaving it to the new partition owner: {}",
                            failed,
                            cause.toString());
            return;
        }
        int seconds = Math.min(MAX_BACKOFF_SECONDS, 1 << Math.min(failed.failures++, 5));
        LOG.atLevel(failureWarning.level(cause))
                .log("Processing of {} failed, will retry in {} s: {}", failed, seconds, cause.toString());
        schedule(Duration.ofSeconds(seconds), () -> markReady(List.of(failed)));
    }

    private void removeFromKeyQueue(InFlightRecord removed) {
        InFlightRecord head = keyQueues.remove(removed);
        if (head != null) {
            enqueueAndDispatch(head);
        }
    }
}
