package org.keyrotation.routes.schedule;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToDoubleFunction;
import org.keyrotation.model.CredentialId;
import org.keyrotation.routes.ledger.Ledger;
import org.keyrotation.routes.ledger.LedgerEntry;

/** What is known of the fleet, for those who watch: as of the last tick, with the ledger and the clock as they are now. */
final class ScheduleMetrics {

    /** Those who ask for several figures at once get them of one look. */
    private static final Duration FRESH = Duration.ofSeconds(2);

    private static final Duration OVERDUE = Duration.ofDays(1);

    private final Ledger ledger;
    private final Planner planner;
    private final Clock clock;
    private final Set<CredentialId> inactive = ConcurrentHashMap.newKeySet();
    private volatile List<CredentialId> credentials = List.of();
    private volatile int problems;
    private volatile Figures figures = Figures.none(Instant.EPOCH);

    ScheduleMetrics(Ledger ledger, Planner planner, Clock clock) {
        this.ledger = ledger;
        this.planner = planner;
        this.clock = clock;
    }

    void register(MeterRegistry meters) {
        gauge(meters, "credentials", "", "Credentials that the schedule looks after", Figures::credentials);
        gauge(meters, "due", "", "Credentials that are due for a rotation", Figures::due);
        gauge(meters, "overdue", "", "Credentials that are due for more than a day", Figures::overdue);
        gauge(meters, "oldest.key.age", "seconds", "Since a key was rotated, or first seen", Figures::oldestKeyAge);
        gauge(
                meters,
                "next.due.timestamp",
                "seconds",
                "When the next credential is due, since 1970",
                Figures::nextDueAt);
        Gauge.builder("rotation.schedule.problems", this, fleet -> fleet.problems)
                .description("Companies that cannot be listed, and lines that are no target")
                .register(meters);
    }

    private void gauge(
            MeterRegistry meters, String name, String unit, String description, ToDoubleFunction<Figures> figure) {
        Gauge.builder("rotation.schedule." + name, this, fleet -> figure.applyAsDouble(fleet.figures()))
                .baseUnit(unit.isEmpty() ? null : unit)
                .description(description)
                .register(meters);
    }

    void is(Collection<Target> found, int withProblems) {
        problems = withProblems;
        credentials = found.stream()
                .filter(target -> target.active() && !target.excluded())
                .map(Target::credential)
                .toList();
        inactive.retainAll(Set.copyOf(credentials));
        figures = Figures.none(Instant.EPOCH);
    }

    void has(CredentialId credential, boolean active) {
        boolean unused = active ? inactive.remove(credential) : inactive.add(credential);
    }

    private Figures figures() {
        Instant now = clock.instant();
        Figures known = figures;
        if (Duration.between(known.at, now).abs().compareTo(FRESH) > 0) {
            known = credentials.stream()
                    .filter(credential -> !inactive.contains(credential))
                    .reduce(Figures.none(now), this::with, (one, other) -> one);
            figures = known;
        }
        return known;
    }

    private Figures with(Figures sum, CredentialId credential) {
        LedgerEntry entry = ledger.entry(credential);
        Instant dueAt = planner.dueAt(credential, entry, sum.at);
        return sum.with(dueAt, Planner.since(entry, sum.at));
    }

    /** Ages and times in seconds; NaN where there is none. */
    private record Figures(Instant at, int credentials, int due, int overdue, double oldestKeyAge, double nextDueAt) {

        static Figures none(Instant at) {
            return new Figures(at, 0, 0, 0, Double.NaN, Double.NaN);
        }

        Figures with(Instant dueAt, Instant since) {
            boolean isDue = !dueAt.isAfter(at);
            boolean isOverdue = !dueAt.plus(OVERDUE).isAfter(at);
            double age = Duration.between(since, at).toMillis() / 1000.0;
            double next = dueAt.toEpochMilli() / 1000.0;
            return new Figures(
                    at,
                    credentials + 1,
                    due + (isDue ? 1 : 0),
                    overdue + (isOverdue ? 1 : 0),
                    credentials == 0 ? age : Math.max(oldestKeyAge, age),
                    credentials == 0 ? next : Math.min(nextDueAt, next));
        }
    }
}
