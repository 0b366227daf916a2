package org.keyrotation.sandbox;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** The received requests, and how many of them are in flight. */
final class RequestLog {

    /** Bounds the memory of a sandbox that runs for days. */
    private static final int MAX_REQUESTS = 100_000;

    private final Deque<ReceivedRequest> requests = new ArrayDeque<>();
    private final Map<String, Integer> inFlightByPath = new HashMap<>();
    private Consumer<ReceivedRequest> listener = request -> {};
    private int inFlight;
    private int maxInFlight;
    private int maxInFlightPerCredential;

    synchronized void setListener(Consumer<ReceivedRequest> newListener) {
        listener = newListener;
    }

    synchronized void received(ReceivedRequest request) {
        if (requests.size() == MAX_REQUESTS) {
            requests.removeFirst();
        }
        requests.addLast(request);
        maxInFlight = Math.max(maxInFlight, ++inFlight);
        if (request.method().equals("POST")) {
            maxInFlightPerCredential =
                    Math.max(maxInFlightPerCredential, inFlightByPath.merge(request.path(), 1, Integer::sum));
        }
    }

    void responded(ReceivedRequest request, ApiResponse response) {
        request.setResponse(response);
        listener().accept(request);
    }

    synchronized void completed(ReceivedRequest request) {
        inFlight--;
        if (request.method().equals("POST")) {
            inFlightByPath.merge(request.path(), -1, Integer::sum);
        }
    }

    synchronized List<ReceivedRequest> all() {
        return List.copyOf(requests);
    }

    synchronized int maxInFlight() {
        return maxInFlight;
    }

    synchronized int maxInFlightPerCredential() {
        return maxInFlightPerCredential;
    }

    private synchronized Consumer<ReceivedRequest> listener() {
        return listener;
    }
}
