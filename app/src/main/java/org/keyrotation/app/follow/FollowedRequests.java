package org.keyrotation.app.follow;

import static java.util.stream.Collectors.toMap;

import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.keyrotation.model.RequestSatisfied;
import org.keyrotation.model.RequestSource;
import org.keyrotation.model.RequestState;
import org.keyrotation.model.RotationEvent;
import org.keyrotation.model.RotationFailed;
import org.keyrotation.model.RotationRequest;
import org.keyrotation.routes.intake.OpenRequest;
import org.keyrotation.routes.kafka.KafkaClients;
import org.keyrotation.routes.publish.PublishSettings;

/** The requests that are followed, with the outcome of each. */
public final class FollowedRequests implements AutoCloseable {

    private final Map<String, FollowedRequest> followed = new LinkedHashMap<>();
    private final Map<String, RotationEvent> eventsByRequest = new HashMap<>();
    private final Map<RequestSource, RotationEvent> eventsBySource = new HashMap<>();
    private final EventReader failures;
    private final EventReader satisfied;

    private FollowedRequests(KafkaClients clients, PublishSettings topics) {
        failures = EventReader.fromLatest(clients, topics.failuresTopic(), RotationFailed.class, this::add);
        satisfied = EventReader.fromLatest(clients, topics.satisfiedTopic(), RequestSatisfied.class, this::add);
    }

    /** Begins to follow. It misses no event that is published from now on. */
    public static FollowedRequests begin(KafkaClients clients, PublishSettings topics) {
        return new FollowedRequests(clients, topics);
    }

    /** Also reads the events that were published at this time or later. */
    public void rewind(Instant start) {
        failures.rewind(start);
        satisfied.rewind(start);
    }

    /** Adds a request, unless it is followed already. */
    public void follow(FollowedRequest request) {
        followed.putIfAbsent(request.key(), request);
    }

    /** Whether the request is followed. */
    public boolean isFollowed(FollowedRequest request) {
        return followed.containsKey(request.key());
    }

    /** Returns all requests, in the order in which they were added. */
    public Collection<FollowedRequest> all() {
        return followed.values();
    }

    /** Returns the requests without an outcome. */
    public List<FollowedRequest> open() {
        return followed.values().stream().filter(FollowedRequest::isOpen).toList();
    }

    /**
     * Updates the state of each open request.
     *
     * @param ledger looks up the state of a request in the ledger
     */
    public void update(Function<RotationRequest, RequestState> ledger) {
        Map<String, RequestState> states = new HashMap<>();
        for (FollowedRequest open : open()) {
            states.put(open.key(), open.request() == null ? RequestState.OPEN : ledger.apply(open.request()));
        }
        // After the ledger: an event is published before the ledger has its outcome, so none is taken for another.
        if (failures.readToEnd() && satisfied.readToEnd()) {
            states.forEach((key, state) -> followed.computeIfPresent(key, (same, open) -> update(open, state)));
        }
    }

    private FollowedRequest update(FollowedRequest open, RequestState state) {
        // Only its source identifies a request that could not be read.
        RotationEvent event =
                open.request() == null ? eventsBySource.get(open.source()) : eventsByRequest.get(open.key());
        return event == null ? open.with(state) : open.with(event);
    }

    /**
     * Gives each open request the reason of its last deferral.
     *
     * @param openRequests what is on the topics of requests now
     * @param otherwise the reason of a request that was never deferred
     */
    public void explainOpen(Collection<OpenRequest> openRequests, String otherwise) {
        Map<String, OpenRequest> latest = openRequests.stream()
                .collect(toMap(each -> FollowedRequest.of(each).key(), each -> each, FollowedRequests::deferred));
        open().forEach(request -> {
            OpenRequest open = latest.get(request.key());
            String lastError = open == null ? null : open.lastError();
            followed.put(request.key(), request.stillOpen(lastError == null ? otherwise : "deferred: " + lastError));
        });
    }

    private static OpenRequest deferred(OpenRequest one, OpenRequest other) {
        return one.lastError() == null ? other : one;
    }

    private void add(RotationFailed failure) {
        if (failure.requestId() != null && failure.credential() != null) {
            eventsByRequest.put(FollowedRequest.key(failure.requestId(), failure.credential()), failure);
        }
        if (failure.source() != null) {
            eventsBySource.put(failure.source(), failure);
        }
    }

    private void add(RequestSatisfied event) {
        eventsByRequest.put(FollowedRequest.key(event.requestId(), event.credential()), event);
    }

    @Override
    public void close() {
        failures.close();
        satisfied.close();
    }
}
