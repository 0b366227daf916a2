package org.keyrotation.routes.schedule;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.camel.Exchange;
import org.keyrotation.model.CredentialId;
import org.keyrotation.model.PlannedRotation;
import org.keyrotation.model.PlannedRotation.State;
import org.keyrotation.model.RotationPlan;
import org.keyrotation.routes.ledger.Ledger;
import org.keyrotation.routes.ledger.LedgerEntry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The planner of the whole fleet. Instances that plan at the same time arrive at the same requests, with the same ids. */
final class FleetPlanner {

    /** A look-back that includes every slot: longer than any credential waits. */
    static final Duration UNLIMITED = Duration.ofDays(36_500);

    private static final Logger LOG = LoggerFactory.getLogger(FleetPlanner.class);

    private final TargetScanner scanner;
    private final CredentialLister lister;
    private final Ledger ledger;
    private final CredentialPlanner planner;
    private final PauseSwitch pause;
    private final ScheduleMetrics metrics;
    private final Clock clock;

    FleetPlanner(
            TargetScanner scanner,
            CredentialLister lister,
            Ledger ledger,
            CredentialPlanner planner,
            PauseSwitch pause,
            ScheduleMetrics metrics,
            Clock clock) {
        this.scanner = scanner;
        this.lister = lister;
        this.ledger = ledger;
        this.planner = planner;
        this.pause = pause;
        this.metrics = metrics;
        this.clock = clock;
    }

    /** Sets the body to the plan of all due rotations, whichever slots they have. Writes nothing. */
    void plan(Exchange exchange) throws InterruptedException, ExecutionException {
        exchange.getMessage().setBody(plan(scan(), UNLIMITED, Map.of()));
    }

    /** Does the same as {@link #plan(Exchange)}, and registers new credentials in the ledger. */
    void planAndRegister(Exchange exchange) throws InterruptedException, ExecutionException {
        Snapshot snapshot = scan();
        registerFirstSeen(snapshot);
        exchange.getMessage().setBody(plan(snapshot, UNLIMITED, Map.of()));
    }

    /** Lists the targets, then waits until the ledger is read to its end. */
    Snapshot scan() throws InterruptedException, ExecutionException {
        TargetScan scan = scanner.scan();
        ledger.awaitReadToEnd();
        metrics.update(scan.targets(), scan.problems().size());
        return new Snapshot(scan, clock.instant());
    }

    /** Writes new credentials to the ledger: their first rotation is due an interval after they were first seen. */
    void registerFirstSeen(Snapshot snapshot) throws InterruptedException, ExecutionException {
        List<CredentialId> unseen = snapshot.targets().stream()
                .filter(target -> target.active() && !target.excluded())
                .map(Target::credential)
                .filter(credential -> ledger.entry(credential).equals(LedgerEntry.UNSEEN))
                .toList();
        if (!unseen.isEmpty()) {
            ledger.registerFirstSeen(unseen, snapshot.at);
            LOG.info("Registered {} new credentials in the ledger", unseen.size());
        }
    }

    /**
     * Plans every target of the snapshot.
     *
     * @param lookBack the open time before the snapshot in which a credential's slot must lie
     * @param requested the latest request id of a credential, if this instance has made one
     */
    RotationPlan plan(Snapshot snapshot, Duration lookBack, Map<CredentialId, String> requested)
            throws InterruptedException, ExecutionException {
        List<PlannedRotation> rotations = snapshot.targets().stream()
                .map(target -> planner.plan(
                        target,
                        ledger.entry(target.credential()),
                        pause.isPaused(),
                        lookBack,
                        requested.get(target.credential()),
                        snapshot.at))
                .toList();
        Set<CredentialId> inactive = inactive(dueButNotListed(snapshot, rotations));
        List<PlannedRotation> active = rotations.stream()
                .map(planned -> inactive.contains(planned.credential()) ? inactive(planned) : planned)
                .toList();
        return new RotationPlan(active, snapshot.scan.problems());
    }

    private static List<CredentialId> dueButNotListed(Snapshot snapshot, List<PlannedRotation> rotations) {
        Set<CredentialId> listed = snapshot.targets().stream()
                .filter(Target::listed)
                .map(Target::credential)
                .collect(Collectors.toSet());
        return rotations.stream()
                .filter(PlannedRotation::isDue)
                .map(PlannedRotation::credential)
                .filter(credential -> !listed.contains(credential))
                .toList();
    }

    /** Reads due credentials that no company listing includes: a listed one has its state already. */
    private Set<CredentialId> inactive(List<CredentialId> credentials) throws InterruptedException, ExecutionException {
        Set<CredentialId> inactive = lister.inactive(credentials);
        credentials.forEach(credential -> metrics.setActive(credential, !inactive.contains(credential)));
        return inactive;
    }

    private static PlannedRotation inactive(PlannedRotation planned) {
        return new PlannedRotation(planned.credential(), State.INACTIVE, null, null, "inactive or not found");
    }

    /** The targets at one moment. */
    record Snapshot(TargetScan scan, Instant at) {

        Collection<Target> targets() {
            return scan.targets();
        }

        Set<CredentialId> credentials() {
            return targets().stream().map(Target::credential).collect(Collectors.toSet());
        }
    }
}
