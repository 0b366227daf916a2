package org.keyrotation.app.job;

import java.time.Clock;
import java.util.Comparator;
import java.util.List;
import org.apache.camel.CamelContext;
import org.keyrotation.app.follow.EventReader;
import org.keyrotation.app.follow.FollowedRequest;
import org.keyrotation.app.follow.FollowedRequests;
import org.keyrotation.model.RotationRequest;
import org.keyrotation.routes.RotationSettings;
import org.keyrotation.routes.intake.OpenRequest;
import org.keyrotation.routes.intake.OpenRequests;
import org.keyrotation.routes.kafka.KafkaClients;

/** The requests that a job follows to their outcomes: those that were open when it began, and those that it makes. */
final class Drain implements AutoCloseable {

    private final OpenRequests openRequests;
    private final FollowedRequests followed;

    private Drain(OpenRequests openRequests, FollowedRequests followed) {
        this.openRequests = openRequests;
        this.followed = followed;
    }

    /**
     * Reads what is open. It must begin before this instance consumes requests, or it misses those that end at once.
     *
     * @throws IllegalStateException if Kafka does not answer
     */
    static Drain begin(CamelContext context, RotationSettings settings) throws InterruptedException {
        OpenRequests openRequests = new OpenRequests(context, settings.intake(), settings.retry(), Clock.systemUTC());
        // From before the open requests are read: each of them may fail at any moment, on another instance.
        FollowedRequests followed = FollowedRequests.begin(new KafkaClients(context), settings.publish());
        try {
            List<OpenRequest> open = openRequests.read();
            // A request is open after its failure, too, while an earlier record of its partition is in flight.
            open.stream()
                    .map(OpenRequest::producedAt)
                    .min(Comparator.naturalOrder())
                    .ifPresent(oldest -> followed.rewind(oldest.minus(EventReader.MAX_CLOCK_SKEW)));
            open.forEach(each -> followed.follow(FollowedRequest.of(each)));
            return new Drain(openRequests, followed);
        } catch (RuntimeException e) {
            followed.close();
            throw e;
        }
    }

    void follow(List<RotationRequest> due) {
        due.forEach(request -> followed.follow(FollowedRequest.due(request)));
    }

    FollowedRequests followed() {
        return followed;
    }

    /** Whether the consumer group has committed every followed request, so that the next job does not follow it again. */
    boolean isCommitted() throws InterruptedException {
        return openRequests.read().stream().map(FollowedRequest::of).noneMatch(followed::isFollowed);
    }

    /** Gives each open request the reason why it is open; those that were never deferred have the other one. */
    void explainOpen(String otherwise) throws InterruptedException {
        followed.explainOpen(openRequests.read(), otherwise);
    }

    @Override
    public void close() {
        followed.close();
    }
}
