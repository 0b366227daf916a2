package org.keyrotation.routes.kafka;

import java.util.NavigableMap;
import java.util.TreeMap;

/** What is polled and not done of one partition. Guarded by the {@link InFlightRecords}. */
final class PartitionOffsets {

    final NavigableMap<Long, InFlightRecord> slots = new TreeMap<>();
    private long next;

    /** @param next all before it is done */
    PartitionOffsets(long next) {
        this.next = next;
    }

    /** Whether it was new here: a consumer that goes back polls again what is under way. */
    boolean add(InFlightRecord slot) {
        next = Math.max(next, slot.offset() + 1);
        return slots.putIfAbsent(slot.offset(), slot) == null;
    }

    boolean remove(InFlightRecord slot) {
        return slots.remove(slot.offset(), slot);
    }

    /** The first offset that is not done, and so the one to commit. */
    long firstNotDone() {
        return slots.isEmpty() ? next : slots.firstKey();
    }
}
