package org.keyrotation.routes.kafka;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The records of each key in their order: only the first of a chain may be handled. Guarded by the {@link InFlightRecords}. */
final class KeyQueues {

    private final Map<Object, Deque<InFlightRecord>> chains = new HashMap<>();

    void join(InFlightRecord slot) {
        chains.computeIfAbsent(slot.chain(), key -> new ArrayDeque<>()).add(slot);
    }

    boolean isFirst(InFlightRecord slot) {
        Deque<InFlightRecord> chain = chains.get(slot.chain());
        return chain != null && chain.peek() == slot;
    }

    /** Returns the one that is first now and was not before, or null. */
    @Nullable
    InFlightRecord leave(InFlightRecord slot) {
        Object key = slot.chain();
        Deque<InFlightRecord> chain = chains.get(key);
        boolean wasFirst = chain != null && chain.peek() == slot;
        if (chain == null || !chain.remove(slot)) {
            return null;
        }
        if (chain.isEmpty()) {
            chains.remove(key);
        }
        return wasFirst ? chain.peek() : null;
    }
}
