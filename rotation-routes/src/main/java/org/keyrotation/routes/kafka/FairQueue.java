package org.keyrotation.routes.kafka;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A fair queue of the records that may start. The group with the fewest records in flight is first, so that a group whose
 * records fail or hang never holds more slots than another one. A throttled group waits. Guarded by {@link InFlightRecords}.
 */
final class FairQueue {

    private final StartPolicy policy;
    private final LongSupplier nanoTime;
    private final Map<String, Group> groups = new HashMap<>();
    private final NavigableSet<Group> runnable = new TreeSet<>(
            Comparator.comparingInt((Group group) -> group.inFlight).thenComparingLong(group -> group.queuedAs));
    private final NavigableSet<Group> delayed = new TreeSet<>(
            Comparator.comparingLong((Group group) -> group.delayedUntil).thenComparing(group -> group.name));
    private long lastQueued;

    /** @param nanoTime a clock in nanoseconds that does not overflow */
    FairQueue(StartPolicy policy, LongSupplier nanoTime) {
        this.policy = policy;
        this.nanoTime = nanoTime;
    }

    static FairQueue unthrottled() {
        return new FairQueue(StartPolicy.UNTHROTTLED, () -> 0);
    }

    /** Queues a record. Its group becomes runnable even if it is throttled: this record may not need a permit. */
    void add(InFlightRecord inFlight) {
        Group group = groups.computeIfAbsent(inFlight.group(), Group::new);
        group.unchecked.add(inFlight);
        delayed.remove(group);
        if (!runnable.contains(group)) {
            queue(group);
        }
    }

    /** Takes the next record that may start, or returns null. The record is in flight until its {@link #release}. */
    @Nullable
    InFlightRecord poll() {
        while (!delayed.isEmpty() && delayed.first().delayedUntil <= nanoTime.getAsLong()) {
            queue(delayed.pollFirst());
        }
        InFlightRecord next = null;
        while (next == null && !runnable.isEmpty()) {
            next = poll(runnable.pollFirst());
        }
        return next;
    }

    void release(InFlightRecord inFlight) {
        Group group = requireNonNull(groups.get(inFlight.group()));
        boolean queued = runnable.remove(group); // the set is sorted by the count that changes now
        group.inFlight--;
        if (queued) {
            runnable.add(group);
        }
        removeIfUnused(group);
    }

    /** Returns how long the first delayed group has to wait, or null if no group is delayed. */
    @Nullable
    Duration delay() {
        return delayed.isEmpty()
                ? null
                : Duration.ofNanos(Math.max(0, delayed.first().delayedUntil - nanoTime.getAsLong()));
    }

    void removeRevoked() {
        groups.values().forEach(group -> group.queues().forEach(queue -> queue.removeIf(InFlightRecord::isRevoked)));
        groups.values().stream().filter(Group::isEmpty).toList().forEach(group -> {
            runnable.remove(group);
            delayed.remove(group);
            removeIfUnused(group);
        });
    }

    private void removeIfUnused(Group group) {
        if (group.isEmpty() && group.inFlight == 0) {
            groups.remove(group.name);
        }
    }

    /** Queues the group behind the groups with as many records in flight. */
    private void queue(Group group) {
        group.queuedAs = ++lastQueued;
        runnable.add(group);
    }

    private @Nullable InFlightRecord poll(Group group) {
        Duration wait = policy.tryAcquireStart(group.name);
        InFlightRecord next = wait.isZero() ? group.poll() : group.pollWithoutPermit(policy);
        if (next == null) {
            group.delayedUntil = nanoTime.getAsLong() + wait.toNanos();
            delayed.add(group);
            return null;
        }
        group.inFlight++;
        if (!group.isEmpty()) {
            queue(group);
        }
        return next;
    }

    /** A group has at least one record, queued or in flight. */
    private static final class Group {

        private final String name;
        private int inFlight;
        private long queuedAs;
        private long delayedUntil;

        /** Records that are known to need a permit. They are older than the unchecked ones. */
        private final Deque<InFlightRecord> needPermit = new ArrayDeque<>();

        private final Deque<InFlightRecord> unchecked = new ArrayDeque<>();

        Group(String name) {
            this.name = name;
        }

        InFlightRecord poll() {
            return needPermit.isEmpty() ? unchecked.remove() : needPermit.remove();
        }

        @Nullable
        InFlightRecord pollWithoutPermit(StartPolicy policy) {
            while (!unchecked.isEmpty()) {
                boolean needsPermit = policy.needsPermit(unchecked.element());
                InFlightRecord first = unchecked.remove();
                if (!needsPermit) {
                    return first;
                }
                needPermit.add(first);
            }
            return null;
        }

        Stream<Deque<InFlightRecord>> queues() {
            return Stream.of(needPermit, unchecked);
        }

        boolean isEmpty() {
            return needPermit.isEmpty() && unchecked.isEmpty();
        }
    }
}
