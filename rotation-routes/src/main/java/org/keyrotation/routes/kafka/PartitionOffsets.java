package org.keyrotation.routes.kafka;

import java.util.Collection;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The incomplete records of one partition, and the offset that can be committed. Guarded by {@link InFlightRecords}. */
final class PartitionOffsets {

    private final NavigableMap<Long, InFlightRecord> incomplete = new TreeMap<>();
    private long next;

    /** @param next the offset after the last completed record */
    PartitionOffsets(long next) {
        this.next = next;
    }

    /** Returns false if the record is incomplete already: a consumer that seeks back polls it again. */
    boolean add(InFlightRecord inFlight) {
        next = Math.max(next, inFlight.offset() + 1);
        return incomplete.putIfAbsent(inFlight.offset(), inFlight) == null;
    }

    boolean complete(InFlightRecord inFlight) {
        return incomplete.remove(inFlight.offset(), inFlight);
    }

    @Nullable
    InFlightRecord get(long offset) {
        return incomplete.get(offset);
    }

    Collection<InFlightRecord> incomplete() {
        return incomplete.values();
    }

    /** Returns the offset of the first incomplete record. */
    long committableOffset() {
        return incomplete.isEmpty() ? next : incomplete.firstKey();
    }
}
