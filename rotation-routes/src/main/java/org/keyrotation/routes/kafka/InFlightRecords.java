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
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.keyrotation.routes.intake.IntakeRoutes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The records that a consumer has polled and that are not done. They are handled side by side, up to a limit, those of
 * one key one after the other, and those of a company when it is its turn; and what may be committed of a partition ends
 * before the first that is not done.
 *
 * <p>Records are registered as they are polled, and handled once the route has handed them on: one that went astray on
 * its way through the route is never done, and so never committed.
 */
public final class InFlightRecords {

    private static final Logger LOG = LoggerFactory.getLogger(IntakeRoutes.class);
    private static final int LONGEST_PAUSE_SECONDS = 32;

    /** Until one has come back: of a crowd that begins in a JVM which has just started, the first would wait for all. */
    private static final int AT_ONCE_AT_FIRST = 16;

    /** Far more than requests of the usual size would need. */
    private static final long CAPACITY_BYTES = 32L * 1024 * 1024;

    private final int capacity;
    private final int concurrency;
    private final FairQueue turns;
    private final Executor executor;
    private final Duration longestBeginning;
    private final Function<Taken, CompletableFuture<?>> handler;
    private final Map<TopicPartition, PartitionOffsets> partitions = new HashMap<>();
    private final KeyQueues chains = new KeyQueues();
    private int size;
    private long bytes;
    private int running;
    private int atOnce;
    private boolean held;
    private boolean pumping;
    private @Nullable Long wakesAt;

    /**
     * @param capacity how many records that are not done it takes before it is full
     * @param concurrency how many are handled at once, after the first few
     * @param turns which of those that may be handled is the next
     * @param executor of what is to be begun later
     * @param longestBeginning how long it keeps to the first few, where none of them comes back
     * @param handler returns at once, what completes once the record is done; a failure has the record handled again, after
     *     a pause
     */
    public InFlightRecords(
            int capacity,
            int concurrency,
            FairQueue turns,
            Executor executor,
            Duration longestBeginning,
            Function<Taken, CompletableFuture<?>> handler) {
        this.capacity = capacity;
        this.concurrency = concurrency;
        this.atOnce = Math.min(concurrency, AT_ONCE_AT_FIRST);
        this.turns = turns;
        this.executor = executor;
        this.longestBeginning = longestBeginning;
        this.handler = handler;
    }

    synchronized boolean isFull() {
        return size >= capacity || bytes >= CAPACITY_BYTES;
    }

    /** @param ready completes when the records may be handled, those of a partition in their order */
    synchronized void register(List<InFlightRecord> slots, CompletableFuture<Void> ready) {
        List<InFlightRecord> added = slots.stream().filter(this::add).toList();
        var unused = ready.thenRun(() -> becomeReady(added));
    }

    private boolean add(InFlightRecord slot) {
        boolean isNew = partitions
                .computeIfAbsent(slot.partition(), partition -> new PartitionOffsets(slot.offset()))
                .add(slot);
        if (isNew) {
            size++;
            bytes += slot.bytes();
        }
        return isNew;
    }

    /** What the route received is to be handled. */
    public synchronized void handOn(TopicPartition partition, long offset) {
        PartitionOffsets open = partitions.get(partition);
        InFlightRecord slot = open == null ? null : open.slots.get(offset);
        if (slot != null && slot.state == InFlightRecord.State.POLLED) {
            slot.state = InFlightRecord.State.WAITING;
            chains.join(slot);
            offer(slot);
        }
    }

    /** The offset to commit of each partition. */
    synchronized Map<TopicPartition, Long> firstNotDone() {
        Map<TopicPartition, Long> offsets = new HashMap<>();
        partitions.forEach((partition, open) -> offsets.put(partition, open.firstNotDone()));
        return offsets;
    }

    /** Nothing is begun until {@link #release()}. */
    synchronized void hold() {
        held = true;
    }

    synchronized void release() {
        held = false;
        pump();
    }

    /** Begins nothing more of these partitions, and waits for what is under way of them, but not for longer than this. */
    synchronized void drain(Collection<TopicPartition> leaving, Duration longest) throws InterruptedException {
        for (InFlightRecord slot : open(leaving)) {
            slot.leaving = true;
            if (slot.state != InFlightRecord.State.RUNNING) {
                slot.withdraw();
            }
        }
        turns.forgetWithdrawn();
        long end = System.nanoTime() + longest.toNanos();
        long left = longest.toNanos();
        while (left > 0 && open(leaving).stream().anyMatch(slot -> slot.state == InFlightRecord.State.RUNNING)) {
            TimeUnit.NANOSECONDS.timedWait(this, left);
            left = end - System.nanoTime();
        }
    }

    /** Forgets these partitions; who is at work on one of their records has lost the claim to it. */
    synchronized void withdraw(Collection<TopicPartition> lost) {
        List<InFlightRecord> slots = open(lost);
        slots.forEach(InFlightRecord::withdraw); // all of them, before one that leaves its chain has the next begin
        turns.forgetWithdrawn();
        for (InFlightRecord slot : slots) {
            size--;
            bytes -= slot.bytes();
            if (slot.state != InFlightRecord.State.RUNNING) {
                leaveChain(slot);
            }
        }
        lost.forEach(partitions::remove);
    }

    /**
     * Forgets what is not done, as {@link #withdraw} does, but not what is: that is still to be committed.
     *
     * @return where to poll from, of each partition that has records which are not done
     */
    synchronized Map<TopicPartition, Long> startOver() {
        Map<TopicPartition, Long> upTo = firstNotDone();
        Map<TopicPartition, Long> pollFrom = new HashMap<>(upTo);
        partitions.forEach((partition, open) -> {
            if (open.slots.isEmpty()) {
                pollFrom.remove(partition);
            }
        });
        withdraw(all());
        upTo.forEach((partition, offset) -> partitions.put(partition, new PartitionOffsets(offset)));
        return pollFrom;
    }

    synchronized Collection<TopicPartition> all() {
        return List.copyOf(partitions.keySet());
    }

    private List<InFlightRecord> open(Collection<TopicPartition> some) {
        List<InFlightRecord> slots = new ArrayList<>();
        partitions.forEach((partition, open) -> {
            if (some.contains(partition)) {
                slots.addAll(open.slots.values());
            }
        });
        return slots;
    }

    private synchronized void becomeReady(List<InFlightRecord> slots) {
        for (InFlightRecord slot : slots) {
            slot.ready = true;
            addToTurns(slot);
        }
        pump();
    }

    private void offer(InFlightRecord slot) {
        addToTurns(slot);
        pump();
    }

    private void addToTurns(InFlightRecord slot) {
        if (slot.ready && slot.state == InFlightRecord.State.WAITING && !slot.isWithdrawn() && chains.isFirst(slot)) {
            turns.add(slot);
        }
    }

    /** What it begins may be finished at once, which pumps, too. */
    private void pump() {
        if (!pumping) {
            pumping = true;
            try {
                beginWhatMayBe();
            } finally {
                pumping = false;
            }
        }
    }

    private void beginWhatMayBe() {
        InFlightRecord next = next();
        while (next != null) {
            run(next);
            next = next();
        }
    }

    private @Nullable InFlightRecord next() {
        if (held || running >= atOnce) {
            return null;
        }
        InFlightRecord next = turns.next();
        Duration delay = next == null ? turns.delay() : null;
        if (delay != null) {
            wakeUpAfter(delay);
        }
        return next;
    }

    private void run(InFlightRecord slot) {
        if (running == 0 && atOnce < concurrency) {
            later(longestBeginning, this::openWide);
        }
        running++;
        slot.state = InFlightRecord.State.RUNNING;
        var unused = begin(slot).whenComplete((done, failure) -> finish(slot, failure));
    }

    private void wakeUpAfter(Duration delay) {
        long at = System.nanoTime() + delay.toNanos();
        if (wakesAt == null || at - wakesAt < 0) {
            wakesAt = at;
            later(delay, () -> wakeUp(at));
        }
    }

    private void later(Duration delay, Runnable task) {
        CompletableFuture.delayedExecutor(delay.toNanos(), TimeUnit.NANOSECONDS, executor)
                .execute(task);
    }

    private synchronized void wakeUp(long at) {
        if (wakesAt != null && wakesAt == at) {
            wakesAt = null;
        }
        pump();
    }

    private synchronized void openWide() {
        atOnce = concurrency;
        pump();
    }

    private CompletableFuture<?> begin(InFlightRecord slot) {
        try {
            return handler.apply(slot.taken());
        } catch (RuntimeException | Error e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private synchronized void finish(InFlightRecord slot, @Nullable Throwable failure) {
        running--;
        turns.end(slot);
        atOnce = concurrency;
        if (failure != null && !slot.isWithdrawn()) { // a claim in doubt may yet turn out to be kept
            handleAgain(slot, failure);
        } else {
            leaveChain(slot);
            if (failure == null) {
                done(slot);
            }
        }
        notifyAll();
        pump();
    }

    private void done(InFlightRecord slot) {
        PartitionOffsets open = partitions.get(slot.partition());
        if (open != null && open.remove(slot)) {
            size--;
            bytes -= slot.bytes();
        }
    }

    private void handleAgain(InFlightRecord slot, Throwable failure) {
        Throwable cause = failure.getCause() == null ? failure : failure.getCause();
        slot.state = InFlightRecord.State.WAITING;
        slot.ready = false;
        if (slot.leaving) {
            LOG.warn("{} is not done, and left to the next owner of its partition: {}", slot, cause.toString());
            return;
        }
        int seconds = Math.min(LONGEST_PAUSE_SECONDS, 1 << Math.min(slot.failures++, 5));
        LOG.warn("{} is not done, will try again in {} s: {}", slot, seconds, cause.toString());
        later(Duration.ofSeconds(seconds), () -> becomeReady(List.of(slot)));
    }

    private void leaveChain(InFlightRecord slot) {
        InFlightRecord next = chains.leave(slot);
        if (next != null) {
            offer(next);
        }
    }
}
