package org.keyrotation.app.command;

import static java.util.Objects.requireNonNull;

import java.io.PrintStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ExecutionException;
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
        try (Progress progress = Progress.of(total, err)) {
            while (!followed.open().isEmpty() && Instant.now().isBefore(deadline)) {
                Thread.sleep(POLL_INTERVAL.toMillis());
                update();
                progress.update(total - followed.open().size());
            }
        }
        if (!followed.open().isEmpty()) {
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

    private void update() throws Exception {
        try {
            Ledger ledger = context.ledger();
            followed.update(request -> state(
                    ledger.entry(request.credential()),
                    requireNonNull(request.requestId()),
                    requireNonNull(request.requestedAt()),
                    Instant.now()));
        } catch (CommandException | KafkaException e) {
            // the brokers do not answer now
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
        }
    }
}
