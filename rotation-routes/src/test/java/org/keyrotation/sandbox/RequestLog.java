package org.keyrotation.sandbox;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** What arrived, and how much of it at once. */
final class RequestLog {

    /** More would fill the memory of a sandbox that is left running. */
    private static final int LONGEST = 100_000;

    private final Deque<ReceivedRequest> requests = new ArrayDeque<>();
    private final Map<String, Integer> inFlight = new HashMap<>();
    private Consumer<ReceivedRequest> listener = request -> {};
    private int inFlightNow;
    private int maxInFlight;
    private int maxInFlightOfOne;

    synchronized void listener(Consumer<ReceivedRequest> newListener) {
        listener = newListener;
    }

    synchronized void arrived(ReceivedRequest request) {
        if (requests.size() == LONGEST) {
            requests.removeFirst();
        }
        requests.addLast(request);
        maxInFlight = Math.max(maxInFlight, ++inFlightNow);
        if (request.method().equals("POST")) {
            maxInFlightOfOne = Math.max(maxInFlightOfOne, inFlight.merge(request.path(), 1, Integer::sum));
        }
    }

    void answered(ReceivedRequest request, Answer answer) {
        request.answered(answer);
        listener().accept(request);
    }

    synchronized void left(ReceivedRequest request) {
        inFlightNow--;
        if (request.method().equals("POST")) {
            inFlight.merge(request.path(), -1, Integer::sum);
        }
    }

    synchronized List<ReceivedRequest> all() {
        return List.copyOf(requests);
    }

    synchronized int maxInFlight() {
        return maxInFlight;
    }

    synchronized int maxInFlightOfOne() {
        return maxInFlightOfOne;
    }

    private synchronized Consumer<ReceivedRequest> listener() {
        return listener;
    }
}
