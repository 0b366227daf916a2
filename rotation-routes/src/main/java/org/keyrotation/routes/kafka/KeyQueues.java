package org.keyrotation.routes.kafka;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The queued and in-flight records of each ordering key. Only the head may be in flight. Guarded by {@link InFlightRecords}. */
final class KeyQueues {

    private final Map<Object, Deque<InFlightRecord>> queues = new HashMap<>();

    void add(InFlightRecord inFlight) {
        queues.computeIfAbsent(inFlight.orderingKey(), key -> new ArrayDeque<>())
                .add(inFlight);
    }

    boolean isHead(InFlightRecord inFlight) {
        Deque<InFlightRecord> queue = queues.get(inFlight.orderingKey());
        return queue != null && queue.peek() == inFlight;
    }

    /** Returns the records behind this one. */
    Stream<InFlightRecord> after(InFlightRecord inFlight) {
        Deque<InFlightRecord> queue = queues.getOrDefault(inFlight.orderingKey(), new ArrayDeque<>());
        return queue.stream().dropWhile(each -> each != inFlight).skip(1);
    }

    /** Removes the record, and returns the next one if it has become the head. */
    @Nullable
    InFlightRecord remove(InFlightRecord inFlight) {
        Object key = inFlight.orderingKey();
        Deque<InFlightRecord> queue = queues.get(key);
        boolean wasHead = queue != null && queue.peek() == inFlight;
        if (queue == null || !queue.remove(inFlight)) {
            return null;
        }
        if (queue.isEmpty()) {
            queues.remove(key);
        }
        return wasHead ? queue.peek() : null;
    }
}
