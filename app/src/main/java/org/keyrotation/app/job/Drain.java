package org.keyrotation.app.job;

import static java.util.stream.Collectors.toMap;

import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.camel.CamelContext;
import org.keyrotation.model.RequestState;
import org.keyrotation.model.RotationRequest;
import org.keyrotation.routes.RotationSettings;
import org.keyrotation.routes.intake.OpenRequest;
import org.keyrotation.routes.intake.OpenRequests;

/** The requests that a job follows to their outcomes: those that were open when it began, and those that it makes. */
final class Drain implements AutoCloseable {

    /** The producers of a request and of its failure have clocks of their own. */
    private static final Duration MAX_CLOCK_SKEW = Duration.ofHours(1);

    private final OpenRequests openRequests;
    private final FailureReader failures;
    private final Map<String, FollowedRequest> followed = new LinkedHashMap<>();

    private Drain(OpenRequests openRequests, FailureReader failures) {
        this.openRequests = openRequests;
        this.failures = failures;
    }

    /**
     * Reads what is open. It must begin before this instance consumes requests, or it misses those that end at once.
     *
     * @throws IllegalStateException if Kafka does not answer
     */
    static Drain begin(CamelContext context, RotationSettings settings) throws InterruptedException {
        OpenRequests openRequests = new OpenRequests(context, settings.intake(), settings.retry(), Clock.systemUTC());
        // From before the open requests are read: each of them may fail at any moment, on another instance.
        FailureReader failures =
                FailureReader.fromLatest(context, settings.publish().failuresTopic());
        Drain drain = new Drain(openRequests, failures);
        try {
            List<OpenRequest> open = openRequests.read();
            // A request is open after its failure, too, while an earlier record of its partition is in flight.
            open.stream()
                    .map(OpenRequest::producedAt)
                    .min(Comparator.naturalOrder())
                    .ifPresent(oldest -> failures.rewind(oldest.minus(MAX_CLOCK_SKEW)));
            open.forEach(each -> drain.follow(FollowedRequest.of(each)));
            return drain;
        } catch (RuntimeException e) {
            drain.close();
            throw e;
        }
    }

    void follow(List<RotationRequest> due) {
        due.forEach(request -> follow(FollowedRequest.due(request)));
    }

    private void follow(FollowedRequest request) {
        followed.putIfAbsent(request.key(), request);
    }

    Collection<FollowedRequest> requests() {
        return followed.values();
    }

    List<FollowedRequest> open() {
        return followed.values().stream().filter(FollowedRequest::isOpen).toList();
    }

    /**
     * Updates the state of each open request.
     *
     * @param ledger looks up the state of a request in the ledger
     */
    void update(Function<RotationRequest, RequestState> ledger) {
        Map<String, RequestState> states = new HashMap<>();
        for (FollowedRequest open : open()) {
            states.put(open.key(), open.request() == null ? RequestState.OPEN : ledger.apply(open.request()));
        }
        // After the ledger: a failure is published before the ledger has it, so none is taken for another outcome.
        if (failures.readToEnd()) {
            states.forEach((key, state) ->
                    followed.computeIfPresent(key, (same, open) -> open.with(state, failures.find(open))));
        }
    }

    /** Whether the consumer group has committed every followed request, so that the next job does not follow it again. */
    boolean isCommitted() throws InterruptedException {
        return openRequests.read().stream()
                .map(FollowedRequest::of)
                .noneMatch(open -> followed.containsKey(open.key()));
    }

    /**
     * Gives each open request the reason of its last deferral.
     *
     * @param otherwise the reason of a request that was never deferred
     */
    void explainOpen(String otherwise) throws InterruptedException {
        Map<String, OpenRequest> latest = openRequests.read().stream()
                .collect(toMap(open -> FollowedRequest.of(open).key(), open -> open, Drain::deferred));
        open().forEach(request -> {
            OpenRequest open = latest.get(request.key());
            String lastError = open == null ? null : open.lastError();
            followed.put(request.key(), request.stillOpen(lastError == null ? otherwise : "deferred: " + lastError));
        });
    }

    private static OpenRequest deferred(OpenRequest one, OpenRequest other) {
        return one.lastError() == null ? other : one;
    }

    @Override
    public void close() {
        failures.close();
    }
}
