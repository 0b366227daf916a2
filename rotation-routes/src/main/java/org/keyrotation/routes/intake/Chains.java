package org.keyrotation.routes.intake;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The records of each key in their order: only the first of a chain may be handled. Guarded by the {@link Window}. */
final class Chains {

    private final Map<Object, Deque<Slot>> chains = new HashMap<>();

    void join(Slot slot) {
        chains.computeIfAbsent(slot.chain(), key -> new ArrayDeque<>()).add(slot);
    }

    boolean isFirst(Slot slot) {
        Deque<Slot> chain = chains.get(slot.chain());
        return chain != null && chain.peek() == slot;
    }

    /** Returns the one that is first now and was not before, or null. */
    @Nullable
    Slot leave(Slot slot) {
        Object key = slot.chain();
        Deque<Slot> chain = chains.get(key);
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
