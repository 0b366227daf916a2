package org.keyrotation.routes.schedule;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;
import org.keyrotation.model.CredentialId;
import org.keyrotation.model.PlannedRotation;
import org.keyrotation.model.PlannedRotation.State;
import org.keyrotation.model.RotationPlan;
import org.keyrotation.routes.api.CredentialLister;
import org.keyrotation.routes.api.CredentialState;
import org.keyrotation.routes.api.CredentialState.Kind;
import org.keyrotation.routes.drift.ListedKeys;
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

    /** Sets the body to the plan of all due rotations, whichever slots they have. Writes nothing, and needs no topic. */
    void plan(Exchange exchange) throws InterruptedException, ExecutionException {
        ledger.awaitReadToEndIfPresent();
        Instant startedAt = clock.instant();
        exchange.getMessage().setBody(planAll(snapshot(startedAt, scanner.scan()), planned -> true));
    }

    /** Sets the body to a {@link Snapshot} of the targets. The ledger is read to its end after they are listed. */
    void scan(Exchange exchange) throws InterruptedException, ExecutionException {
        Instant startedAt = clock.instant();
        TargetScan scan = scanner.scan();
        ledger.awaitReadToEnd();
        exchange.getMessage().setBody(snapshot(startedAt, scan));
    }

    /**
     * Replaces the snapshot in the body by its plan, and registers new credentials in the ledger. Of a due credential, its
     * request will tell the state.
     */
    void planAndRegister(Exchange exchange) throws InterruptedException, ExecutionException {
        Snapshot snapshot = exchange.getMessage().getBody(Snapshot.class);
        registerFirstSeen(snapshot);
        exchange.getMessage().setBody(planAll(snapshot, planned -> !planned.isDue()));
    }

    private Snapshot snapshot(Instant startedAt, TargetScan scan) {
        metrics.update(scan.targets(), scan.problems().size());
        Instant now = clock.instant();
        return new Snapshot(scan, startedAt, now, pause.reason(now), new HashMap<>());
    }

    /**
     * Writes new credentials to the ledger: their first rotation is due an interval after they were first seen. A named one
     * that the API does not know leaves no entry.
     */
    void registerFirstSeen(Snapshot snapshot) throws InterruptedException, ExecutionException {
        List<CredentialId> unseen = snapshot.targets().stream()
                .filter(target -> target.active() && !target.excluded())
                .map(Target::credential)
                .filter(credential -> ledger.entry(credential).equals(LedgerEntry.UNSEEN))
                .toList();
        read(snapshot, unseen.stream());
        List<CredentialId> found = unseen.stream()
                .filter(credential -> snapshot.state(credential).kind() != Kind.UNKNOWN)
                .toList();
        if (!found.isEmpty()) {
            ledger.registerFirstSeen(found, snapshot.at);
            LOG.info("Registered {} new credentials in the ledger", found.size());
        }
    }

    /**
     * Plans every target of the snapshot for one tick. Reads due credentials only, as ticks are frequent.
     *
     * @param lookBack the open time before the snapshot in which a credential's slot must lie
     * @param requested the latest request id of a credential, if this instance has made one
     */
    RotationPlan plan(Snapshot snapshot, Duration lookBack, Map<CredentialId, String> requested)
            throws InterruptedException, ExecutionException {
        List<PlannedRotation> rotations = decide(snapshot, lookBack, requested);
        read(snapshot, rotations.stream().filter(PlannedRotation::isDue).map(PlannedRotation::credential));
        return new RotationPlan(withStates(rotations, snapshot), snapshot.scan.problems());
    }

    /**
     * Plans every target of the snapshot, and reads all named credentials: one that does not exist would otherwise stay
     * unnoticed until it is due.
     *
     * @param reported the decisions whose credentials have to be readable for a complete plan
     */
    private RotationPlan planAll(Snapshot snapshot, Predicate<PlannedRotation> reported)
            throws InterruptedException, ExecutionException {
        List<PlannedRotation> rotations = decide(snapshot, UNLIMITED, Map.of());
        read(
                snapshot,
                snapshot.targets().stream().filter(target -> !target.excluded()).map(Target::credential));
        List<String> problems = new ArrayList<>(snapshot.scan.problems());
        problems.addAll(unreadable(rotations.stream().filter(reported), snapshot));
        return new RotationPlan(withStates(rotations, snapshot), problems);
    }

    private List<PlannedRotation> decide(Snapshot snapshot, Duration lookBack, Map<CredentialId, String> requested) {
        return snapshot.targets().stream()
                .map(target -> planner.plan(
                        target,
                        ledger.entry(target.credential()),
                        snapshot.pauseReason,
                        lookBack,
                        requested.get(target.credential()),
                        snapshot.at))
                .toList();
    }

    /** Reads those that no company listing includes, each once: of a listed one, the state is known. */
    private void read(Snapshot snapshot, Stream<CredentialId> credentials)
            throws InterruptedException, ExecutionException {
        Set<CredentialId> known = snapshot.targets().stream()
                .filter(Target::listed)
                .map(Target::credential)
                .collect(Collectors.toCollection(HashSet::new));
        known.addAll(snapshot.states.keySet());
        Map<CredentialId, CredentialState> states = lister.read(
                credentials.filter(credential -> !known.contains(credential)).toList());
        states.forEach((credential, state) -> metrics.setActive(credential, !isMissing(state)));
        snapshot.states.putAll(states);
    }

    /** An unreadable credential counts as active: if it is due, its request ends with the API's answer. */
    private static List<PlannedRotation> withStates(List<PlannedRotation> rotations, Snapshot snapshot) {
        return rotations.stream()
                .map(planned -> withState(planned, snapshot.state(planned.credential())))
                .toList();
    }

    private static PlannedRotation withState(PlannedRotation planned, CredentialState read) {
        State state = read.kind() == Kind.UNKNOWN ? State.UNKNOWN : State.INACTIVE;
        return isMissing(read)
                ? new PlannedRotation(planned.credential(), planned.named(), state, null, null, read.detail())
                : planned;
    }

    private static boolean isMissing(CredentialState state) {
        return state.kind() == Kind.UNKNOWN || state.kind() == Kind.INACTIVE;
    }

    /** Returns a problem for each company and reason, with the first credential of it. */
    private static List<String> unreadable(Stream<PlannedRotation> reported, Snapshot snapshot) {
        Map<String, List<CredentialId>> byReason = reported.map(PlannedRotation::credential)
                .filter(credential -> snapshot.state(credential).kind() == Kind.UNREADABLE)
                .collect(Collectors.groupingBy(
                        credential -> " of company " + credential.companyId() + ": "
                                + snapshot.state(credential).detail(),
                        LinkedHashMap::new,
                        Collectors.toList()));
        return byReason.entrySet().stream()
                .map(each -> "Cannot read "
                        + each.getValue().get(0).apiCredentialId()
                        + (each.getValue().size() == 1
                                ? ""
                                : " and " + (each.getValue().size() - 1) + " more")
                        + each.getKey())
                .toList();
    }

    /**
     * The targets at one moment.
     *
     * @param listedAfter when the scan started
     * @param pauseReason why the schedule makes no requests at this moment, or null
     * @param states what the API says of the credentials that were read since
     */
    record Snapshot(
            TargetScan scan,
            Instant listedAfter,
            Instant at,
            @Nullable String pauseReason,
            Map<CredentialId, CredentialState> states)
            implements ListedKeys {

        @Override
        public Map<CredentialId, String> keyFingerprints() {
            return scan.keyFingerprints();
        }

        Collection<Target> targets() {
            return scan.targets();
        }

        CredentialState state(CredentialId credential) {
            return states.getOrDefault(credential, CredentialState.ACTIVE);
        }

        Set<CredentialId> credentials() {
            return targets().stream().map(Target::credential).collect(Collectors.toSet());
        }
    }
}
