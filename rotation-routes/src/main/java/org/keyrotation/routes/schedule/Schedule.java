package org.keyrotation.routes.schedule;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;
import org.keyrotation.model.CredentialId;
import org.keyrotation.model.PlannedRotation;
import org.keyrotation.model.RotationPlan;
import org.keyrotation.routes.schedule.FleetPlanner.Snapshot;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The schedule runs at each tick. It remembers, in this instance only, its last complete run and its latest requests. */
final class Schedule {

    private static final Logger LOG = LoggerFactory.getLogger(Schedule.class);

    private static final int MAX_MISSED_TICKS = 3;

    private final ScheduleSettings settings;
    private final FleetPlanner fleet;
    private final Map<CredentialId, String> requested = new ConcurrentHashMap<>();
    private volatile @Nullable Instant lastCompleteAt;
    private volatile List<String> lastProblems = List.of();
    private volatile @Nullable String lastPauseReason;

    Schedule(ScheduleSettings settings, FleetPlanner fleet) {
        this.settings = settings;
        this.fleet = fleet;
    }

    /** Replaces the {@link Snapshot} in the body by the {@link Tick} whose requests are to be sent. */
    void plan(Exchange exchange) throws InterruptedException, ExecutionException {
        Snapshot snapshot = exchange.getMessage().getBody(Snapshot.class);
        fleet.registerFirstSeen(snapshot);
        requested.keySet().retainAll(snapshot.credentials());
        RotationPlan plan = fleet.plan(snapshot, lookBack(snapshot.at()), requested);
        logPause(snapshot.pauseReason());
        logPlan(plan);
        boolean mayRequest = snapshot.pauseReason() == null && settings.window().isOpen(snapshot.at());
        boolean complete = mayRequest && snapshot.scan().complete();
        exchange.getMessage().setBody(new Tick(plan, complete ? snapshot.at() : null));
    }

    /** Records the requests of this tick. The route calls it after Kafka has acknowledged all of them. */
    void completed(Tick tick) {
        lastCompleteAt = tick.completeAt() == null ? lastCompleteAt : tick.completeAt();
        tick.plan().due().forEach(planned -> requested.put(planned.credential(), requireNonNull(planned.requestId())));
    }

    /**
     * Returns how much open time this tick covers: the time since the last complete run. After a longer gap, such as a stop,
     * or after the clock was set back, a tick covers one tick only, so that overdue credentials are spread out again.
     */
    private Duration lookBack(Instant now) {
        Instant last = lastCompleteAt;
        Duration tick = settings.tick();
        Duration open = last == null || last.isAfter(now)
                ? FleetPlanner.UNLIMITED
                : settings.window().openBetween(last, now);
        return open.compareTo(tick.multipliedBy(MAX_MISSED_TICKS)) <= 0 ? open : tick;
    }

    private void logPause(@Nullable String reason) {
        if (!Objects.equals(reason, lastPauseReason)) {
            LOG.info("{}", reason == null ? "The schedule is resumed" : "Requesting no rotations: " + reason);
        }
        lastPauseReason = reason;
    }

    private void logPlan(RotationPlan plan) {
        int due = plan.due().size();
        if (due > 0) {
            LOG.info(
                    "Requesting the rotation of {} of {} credentials",
                    due,
                    plan.rotations().size());
        }
        List<String> problems = Stream.concat(
                        plan.problems().stream(),
                        plan.rotations().stream()
                                .filter(PlannedRotation::isMissing)
                                .map(missing -> "Target " + missing.credential() + ": " + missing.detail()))
                .toList();
        problems.stream()
                .filter(problem -> !lastProblems.contains(problem))
                .forEach(problem -> LOG.warn("{}", problem));
        lastProblems = problems;
    }
}
