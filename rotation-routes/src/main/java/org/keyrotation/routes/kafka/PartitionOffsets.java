package org.keyrotation.routes.kafka;

import java.util.Collection;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The incomplete records of one partition, and the offset that can be committed. Guarded by {@link InFlightRecords}. */
final class PartitionOffsets {

    private final NavigableMap<Long, InFlightRecord> incomplete = new TreeMap<>();
    private long nextOffset;

    /** @param nextOffset the offset of the first record to process */
    PartitionOffsets(long nextOffset) {
        this.nextOffset = nextOffset;
    }

    /** Returns false if the record is incomplete already: a consumer that seeks back polls it again. */
    boolean add(InFlightRecord inFlight) {
        nextOffset = Math.max(nextOffset, inFlight.offset() + 1);
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

    /** Returns the offset of the first incomplete record, or the next offset if none is incomplete. */
    long committableOffset() {
        return incomplete.isEmpty() ? nextOffset : incomplete.firstKey();
    }
}
