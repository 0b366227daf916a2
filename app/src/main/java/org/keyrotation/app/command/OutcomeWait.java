package org.keyrotation.app.command;

import static java.util.Objects.requireNonNull;

import java.io.PrintStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.keyrotation.app.follow.FollowedRequests;
import org.keyrotation.app.terminal.Progress;
import org.keyrotation.model.RequestState;
import org.keyrotation.routes.intake.OpenRequests;
import org.keyrotation.routes.kafka.GroupMembers;
import org.keyrotation.routes.ledger.FailureStreak;
import org.keyrotation.routes.ledger.Ledger;
import org.keyrotation.routes.ledger.LedgerEntry;

/** Waits for the outcomes of requests, and shows the progress. Instances and brokers may stop and start meanwhile. */
final class OutcomeWait {

    private static final Duration POLL_INTERVAL = Duration.ofMillis(250);

    /** The last read before the deadline has a chance, too. */
    private static final Duration MIN_READ = Duration.ofSeconds(10);

    private static final String NO_ANSWER = "Kafka does not answer";

    private final CommandContext context;
    private final FollowedRequests followed;
    private final PrintStream err;

    OutcomeWait(CommandContext context, FollowedRequests followed, PrintStream err) {
        this.context = context;
        this.followed = followed;
        this.err = err;
    }

    /** Returns when all requests have their outcomes, or at the deadline. Those that are open then have a reason. */
    void await(Instant deadline) throws Exception {
        warnIfNoInstanceRuns();
        int total = followed.all().size();
        boolean answers = true;
        try (Progress progress = Progress.of(total, err)) {
            while (!followed.open().isEmpty() && Instant.now().isBefore(deadline)) {
                Thread.sleep(POLL_INTERVAL.toMillis());
                answers = update(deadline);
                progress.update(total - followed.open().size());
            }
        }
        if (!answers) {
            followed.explainOpen(List.of(), NO_ANSWER);
        } else if (!followed.open().isEmpty()) {
            explainOpen();
        }
    }

    /** Without an instance, the progress would look like that of a slow one. */
    private void warnIfNoInstanceRuns() throws InterruptedException {
        String group = context.settings().intake().groupId();
        try (Admin admin = context.kafka().admin()) {
            if (new GroupMembers(context.camel()).count(admin, group) == 0) {
                err.println("No instance of group %s is running: the requests wait until one is".formatted(group));
            }
        } catch (ExecutionException | KafkaException e) {
            // only a hint, and it needs a right of its own
        }
    }

    /** Returns whether Kafka answers. */
    private boolean update(Instant deadline) throws InterruptedException {
        try {
            Duration remaining = Duration.between(Instant.now(), deadline);
            Ledger ledger = context.ledgerWithin(remaining.compareTo(MIN_READ) > 0 ? remaining : MIN_READ);
            followed.update(request -> state(
                    ledger.entry(request.credential()),
                    requireNonNull(request.requestId()),
                    requireNonNull(request.requestedAt()),
                    Instant.now()));
            return true;
        } catch (TimeoutException | ExecutionException | KafkaException e) {
            return false;
        }
    }

    /**
     * Returns the state of a request that was made by this process. The clock of the service may be behind ours: then its key
     * seems to be older than the request. A failure may be on another failures topic than ours.
     */
    static RequestState state(LedgerEntry entry, String requestId, Instant requestedAt, Instant now) {
        if (entry.pendingFailure(requestId) != null) {
            return RequestState.OPEN; // it outlasts a key of another request, and may not be on the failures topic yet
        }
        RequestState state = entry.stateOf(requestId, requestedAt, now);
        if (!entry.isSettled(requestId)) {
            return state;
        }
        FailureStreak failures = entry.failures();
        if (failures == null) {
            return entry.lastRotationAt() == null ? RequestState.FAILED : RequestState.ROTATED;
        }
        boolean isLastFailure = failures.requestId().equals(requestId);
        return isLastFailure || (failures.inARow() > 1 && state == RequestState.FAILED)
                ? RequestState.FAILED
                : RequestState.ROTATED;
    }

    private void explainOpen() throws InterruptedException {
        try {
            OpenRequests open = new OpenRequests(
                    context.camel(),
                    context.settings().intake(),
                    context.settings().retry(),
                    Clock.systemUTC());
            followed.explainOpen(open.read(), "queued or in flight");
        } catch (IllegalStateException e) {
            err.println(e.getMessage());
            followed.explainOpen(List.of(), NO_ANSWER);
        }
    }
}
