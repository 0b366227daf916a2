package org.keyrotation.routes.schedule;

import static java.util.Objects.requireNonNull;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;
import org.keyrotation.model.CredentialId;
import org.keyrotation.model.PlannedRotation;
import org.keyrotation.model.PlannedRotation.State;
import org.keyrotation.model.RotationPlan;
import org.keyrotation.routes.ledger.Ledger;
import org.keyrotation.routes.ledger.LedgerEntry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks at the fleet. Instances that do so side by side come to the same requests, id and all. */
final class Schedule {

    private static final Logger LOG = LoggerFactory.getLogger(ScheduleRoutes.class);

    /** Exchange property: the time of a tick that knew the whole fleet, and could have asked. */
    private static final String COMPLETE_AT = "rotation.schedule.complete-at";

    /** Longer than anything waits. */
    private static final Duration EVER = Duration.ofDays(36_500);

    private static final int LOOKED_UP_AT_ONCE = 16;

    private final CamelContext context;
    private final ScheduleSettings settings;
    private final Targets targets;
    private final CredentialLister companies;
    private final Ledger ledger;
    private final Planner planner;
    private final PauseSwitch pause;
    private final ScheduleMetrics fleet;
    private final Clock clock;
    private final Map<CredentialId, String> asked = new ConcurrentHashMap<>();
    private volatile @Nullable Instant lastTick;
    private volatile List<String> lastProblems = List.of();

    Schedule(
            CamelContext context,
            CredentialLister companies,
            ScheduleSettings settings,
            Ledger ledger,
            Planner planner,
            PauseSwitch pause,
            ScheduleMetrics fleet,
            Clock clock) {
        this.context = context;
        this.settings = settings;
        this.companies = companies;
        this.targets = new Targets(settings, companies);
        this.ledger = ledger;
        this.planner = planner;
        this.pause = pause;
        this.fleet = fleet;
        this.clock = clock;
    }

    /** Leaves what a tick has to ask for. */
    void tick(Exchange exchange) throws InterruptedException, ExecutionException {
        Sight sight = look();
        enterNewcomers(sight);
        asked.keySet().retainAll(sight.credentials());
        RotationPlan plan = plan(sight, openTimeToLookAt(sight.now), asked);
        tell(plan);
        boolean couldAsk = !pause.isPaused() && settings.window().isOpen(sight.now);
        exchange.setProperty(COMPLETE_AT, couldAsk && sight.found.complete() ? sight.now : null);
        exchange.getMessage().setBody(plan);
    }

    /** All is asked for, and acknowledged. */
    void ticked(Exchange exchange) {
        Instant complete = exchange.getProperty(COMPLETE_AT, Instant.class);
        lastTick = complete == null ? lastTick : complete;
        exchange.getMessage()
                .getBody(RotationPlan.class)
                .due()
                .forEach(each -> asked.put(each.credential(), requireNonNull(each.requestId())));
    }

    /** Leaves all that is due, whoever had its turn before. */
    void due(Exchange exchange) throws InterruptedException, ExecutionException {
        Sight sight = look();
        enterNewcomers(sight);
        exchange.getMessage().setBody(plan(sight, EVER, Map.of()));
    }

    /** The same, and nothing is written down. */
    void plan(Exchange exchange) throws InterruptedException, ExecutionException {
        exchange.getMessage().setBody(plan(look(), EVER, Map.of()));
    }

    private Sight look() throws InterruptedException, ExecutionException {
        Targets.Found found = targets.find();
        ledger.awaitReadToEnd();
        fleet.is(found.targets(), found.problems().size());
        return new Sight(found, clock.instant());
    }

    private RotationPlan plan(Sight sight, Duration within, Map<CredentialId, String> askedBefore)
            throws InterruptedException, ExecutionException {
        List<Callable<PlannedRotation>> rotations = new ArrayList<>();
        for (Target target : sight.found.targets()) {
            CredentialId credential = target.credential();
            PlannedRotation planned = planner.plan(
                    target, ledger.entry(credential), pause.isPaused(), within, askedBefore.get(credential), sight.now);
            rotations.add(() -> target.listed() ? planned : unlessInactive(planned));
        }
        return new RotationPlan(allOf(rotations), sight.found.problems());
    }

    private List<PlannedRotation> allOf(List<Callable<PlannedRotation>> rotations)
            throws InterruptedException, ExecutionException {
        ExecutorService pool =
                context.getExecutorServiceManager().newFixedThreadPool(this, "rotation-schedule", LOOKED_UP_AT_ONCE);
        try {
            List<PlannedRotation> all = new ArrayList<>();
            for (Future<PlannedRotation> each : pool.invokeAll(rotations)) {
                all.add(each.get());
            }
            return all;
        } finally {
            context.getExecutorServiceManager().shutdownNow(pool);
        }
    }

    /** One that is only named is looked up when it is due. */
    private PlannedRotation unlessInactive(PlannedRotation planned) {
        boolean active = !planned.isDue() || companies.isActive(planned.credential());
        if (planned.isDue()) {
            fleet.has(planned.credential(), active);
        }
        return active
                ? planned
                : new PlannedRotation(
                        planned.credential(), State.INACTIVE, null, null, "inactive or not there, says the API");
    }

    private void enterNewcomers(Sight sight) throws InterruptedException, ExecutionException {
        List<CredentialId> newcomers = sight.found.targets().stream()
                .filter(target -> target.active() && !target.excluded())
                .map(Target::credential)
                .filter(credential -> ledger.entry(credential).equals(LedgerEntry.UNSEEN))
                .toList();
        if (!newcomers.isEmpty()) {
            ledger.registerFirstSeen(newcomers, sight.now);
            LOG.info("{} credentials are seen for the first time", newcomers.size());
        }
    }

    /** Since the last tick, or the one before it. What was missed for longer, in a stop say, waits for its next turn. */
    private Duration openTimeToLookAt(Instant now) {
        Instant last = lastTick;
        Duration tick = settings.tick();
        Duration open = last == null ? EVER : settings.window().openBetween(last, now);
        return open.compareTo(tick.multipliedBy(3)) <= 0 ? open : tick;
    }

    private void tell(RotationPlan plan) {
        int due = plan.due().size();
        if (due > 0) {
            LOG.info(
                    "Asking for the rotation of {} of {} credentials",
                    due,
                    plan.rotations().size());
        }
        plan.problems().stream()
                .filter(problem -> !lastProblems.contains(problem))
                .forEach(problem -> LOG.warn("{}", problem));
        lastProblems = plan.problems();
    }

    /** The fleet at one moment. */
    private record Sight(Targets.Found found, Instant now) {
        Set<CredentialId> credentials() {
            return found.targets().stream().map(Target::credential).collect(Collectors.toSet());
        }
    }
}
