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
 * A fair queue of the records that may start. The flow with the fewest records in flight is first, so that a flow whose
 * records fail or hang never holds more slots than another one that has queued records. A flow leaves slots free, at most an
 * eighth, for flows that come later. A throttled flow waits. Not thread-safe: {@link InFlightRecords} guards it.
 */
final class FairQueue {

    private final StartPolicy policy;
    private final int slots;
    private final int reserve;
    private final LongSupplier nanoTime;
    private final Map<String, Flow> flows = new HashMap<>();
    private final NavigableSet<Flow> runnable = new TreeSet<>(
            Comparator.comparingInt((Flow flow) -> flow.inFlight).thenComparingLong(flow -> flow.sequence));
    private final NavigableSet<Flow> delayed = new TreeSet<>(
            Comparator.comparingLong((Flow flow) -> flow.delayedUntil).thenComparing(flow -> flow.name));
    private long lastSequence;
    private int inFlight;

    /**
     * @param slots the maximum number of records in flight
     * @param nanoTime a clock in nanoseconds that does not overflow
     */
    FairQueue(StartPolicy policy, int slots, LongSupplier nanoTime) {
        this.policy = policy;
        this.slots = slots;
        this.reserve = slots / 8;
        this.nanoTime = nanoTime;
    }

    /** Queues a record. Its flow becomes runnable even if it is throttled: this record may not need a permit. */
    void add(InFlightRecord queued) {
        Flow flow = flows.computeIfAbsent(queued.flow(), Flow::new);
        flow.unchecked.add(queued);
        delayed.remove(flow);
        if (!runnable.contains(flow)) {
            queue(flow);
        }
    }

    /** Takes the next record that may start, or returns null. The record is in flight until its {@link #release}. */
    @Nullable
    InFlightRecord poll() {
        while (!delayed.isEmpty() && delayed.first().delayedUntil <= nanoTime.getAsLong()) {
            queue(delayed.pollFirst());
        }
        InFlightRecord next = null;
        while (next == null && !runnable.isEmpty() && mayStart(runnable.first())) {
            next = poll(runnable.pollFirst());
        }
        return next;
    }

    void release(InFlightRecord released) {
        Flow flow = requireNonNull(flows.get(released.flow()));
        boolean queued = runnable.remove(flow); // the set is ordered by the count that changes now
        flow.inFlight--;
        inFlight--;
        if (queued) {
            runnable.add(flow);
        }
        removeIfUnused(flow);
    }

    /** Returns how long the first delayed flow has to wait, or null if no flow is delayed. */
    @Nullable
    Duration delay() {
        return delayed.isEmpty()
                ? null
                : Duration.ofNanos(Math.max(0, delayed.first().delayedUntil - nanoTime.getAsLong()));
    }

    void removeRevoked() {
        flows.values().forEach(flow -> flow.queues().forEach(queue -> queue.removeIf(InFlightRecord::isRevoked)));
        flows.values().stream().filter(Flow::isEmpty).toList().forEach(flow -> {
            runnable.remove(flow);
            delayed.remove(flow);
            removeIfUnused(flow);
        });
    }

    private void removeIfUnused(Flow flow) {
        if (flow.isEmpty() && flow.inFlight == 0) {
            flows.remove(flow.name);
        }
    }

    /** A flow leaves as many slots free as it has records in flight, up to the reserve. */
    private boolean mayStart(Flow flow) {
        return slots - inFlight > Math.min(flow.inFlight, reserve);
    }

    /** Queues the flow behind the flows with as many records in flight. */
    private void queue(Flow flow) {
        flow.sequence = ++lastSequence;
        runnable.add(flow);
    }

    private @Nullable InFlightRecord poll(Flow flow) {
        Duration wait = policy.tryAcquireStart(flow.name);
        InFlightRecord next = wait.isZero() ? flow.poll() : flow.pollWithoutPermit(policy);
        if (next == null) {
            flow.delayedUntil = nanoTime.getAsLong() + wait.toNanos();
            delayed.add(flow);
            return null;
        }
        flow.inFlight++;
        inFlight++;
        if (!flow.isEmpty()) {
            queue(flow);
        }
        return next;
    }

    /** The queued records of one flow, and the number in flight. There is at least one record. */
    private static final class Flow {

        private final String name;
        private int inFlight;
        private long sequence;
        private long delayedUntil;

        /** Records that are known to need a permit. They are older than the unchecked ones. */
        private final Deque<InFlightRecord> needPermit = new ArrayDeque<>();

        private final Deque<InFlightRecord> unchecked = new ArrayDeque<>();

        Flow(String name) {
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
