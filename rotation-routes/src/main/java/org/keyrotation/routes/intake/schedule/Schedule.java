package org.keyrotation.routes.intake.schedule;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ExecutionException;
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

    /** Exchange property: the time of a tick that saw the whole fleet, and could have asked. */
    private static final String COMPLETE_AT = "rotation.schedule.complete-at";

    private final ScheduleSettings settings;
    private final Targets targets;
    private final CompanyCredentials companies;
    private final Ledger ledger;
    private final Planner planner;
    private final Pause pause;
    private final Fleet fleet;
    private final Clock clock;
    private volatile @Nullable Instant lastTick;
    private List<String> lastProblems = List.of();

    Schedule(
            ScheduleSettings settings,
            CompanyCredentials companies,
            Ledger ledger,
            Planner planner,
            Pause pause,
            Fleet fleet,
            Clock clock) {
        this.settings = settings;
        this.targets = new Targets(settings, companies);
        this.companies = companies;
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
        RotationPlan plan = plan(sight, turnsSince(sight.now));
        tell(plan);
        boolean couldAsk = !pause.isPaused() && settings.window().isOpen(sight.now);
        exchange.setProperty(COMPLETE_AT, couldAsk && plan.problems().isEmpty() ? sight.now : null);
        exchange.getMessage().setBody(plan);
    }

    /** All is asked for, and acknowledged. */
    void ticked(Exchange exchange) {
        Instant complete = exchange.getProperty(COMPLETE_AT, Instant.class);
        lastTick = complete == null ? lastTick : complete;
    }

    /** Leaves all that is due, whoever had its turn before. */
    void due(Exchange exchange) throws InterruptedException, ExecutionException {
        Sight sight = look();
        enterNewcomers(sight);
        exchange.getMessage().setBody(plan(sight, Instant.MIN));
    }

    /** The same, and nothing is written down. */
    void plan(Exchange exchange) throws InterruptedException, ExecutionException {
        exchange.getMessage().setBody(plan(look(), Instant.MIN));
    }

    private Sight look() throws InterruptedException, ExecutionException {
        List<String> problems = new ArrayList<>();
        Collection<Target> found = targets.find(problems);
        ledger.awaitCaughtUp();
        return new Sight(found, problems, clock.instant());
    }

    private RotationPlan plan(Sight sight, Instant since) {
        fleet.is(sight.found);
        List<PlannedRotation> rotations = sight.found.stream()
                .map(target -> plan(target, since, sight.now))
                .toList();
        return new RotationPlan(rotations, sight.problems);
    }

    /** One that is only named is looked up when it is due. */
    private PlannedRotation plan(Target target, Instant since, Instant now) {
        CredentialId credential = target.credential();
        PlannedRotation planned = planner.plan(target, ledger.entry(credential), pause.isPaused(), since, now);
        if (!planned.isDue() || target.listed()) {
            return planned;
        }
        boolean active = companies.isActive(credential);
        fleet.has(credential, active);
        return active
                ? planned
                : new PlannedRotation(credential, State.INACTIVE, null, null, "inactive or not there, says the API");
    }

    private void enterNewcomers(Sight sight) throws InterruptedException {
        List<CredentialId> newcomers = sight.found.stream()
                .filter(target -> target.active() && !target.excluded())
                .map(Target::credential)
                .filter(credential -> ledger.entry(credential).equals(LedgerEntry.UNSEEN))
                .toList();
        if (!newcomers.isEmpty()) {
            ledger.enter(newcomers, sight.now);
            LOG.info("{} credentials are seen for the first time", newcomers.size());
        }
    }

    /**
     * A tick that failed is made up for by the next. What was missed for longer waits for its next turn, unless there are
     * none: without a spread all that is due is asked for.
     */
    private Instant turnsSince(Instant now) {
        Instant last = lastTick;
        Duration tick = settings.tick();
        if (last != null && settings.window().openBetween(last, now).compareTo(tick.multipliedBy(2)) <= 0) {
            return last;
        }
        return settings.spread().isZero() ? Instant.MIN : now.minus(tick);
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
    private record Sight(Collection<Target> found, List<String> problems, Instant now) {}
}
