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

/** The gauges of the schedule: the targets of the last scan, with the ledger and the clock of the moment of the scrape. */
final class ScheduleMetrics {

    /** All gauges of one scrape share one pass over the fleet. */
    private static final Duration CACHE_TTL = Duration.ofSeconds(2);

    private final Ledger ledger;
    private final CredentialPlanner planner;
    private final Clock clock;
    private final Set<CredentialId> inactive = ConcurrentHashMap.newKeySet();
    private volatile List<CredentialId> credentials = List.of();
    private volatile int problems;
    private volatile Figures figures = Figures.none(Instant.EPOCH);

    ScheduleMetrics(Ledger ledger, CredentialPlanner planner, Clock clock) {
        this.ledger = ledger;
        this.planner = planner;
        this.clock = clock;
    }

    void register(MeterRegistry meters) {
        gauge(meters, "credentials", "", "Active credentials of the fleet's schedule", Figures::credentials);
        gauge(meters, "due", "", "Credentials of the fleet that are due for rotation", Figures::due);
        gauge(
                meters,
                "overdue",
                "",
                "Credentials of the fleet that have been due for more than a day",
                Figures::overdue);
        gauge(
                meters,
                "oldest.key.age",
                "seconds",
                "Age of the oldest key, since its last rotation or since it was first seen",
                Figures::oldestKeyAge);
        gauge(
                meters,
                "next.due.timestamp",
                "seconds",
                "Unix time at which the next credential is due",
                Figures::nextDueAt);
        Gauge.builder("rotation.schedule.problems", this, metrics -> metrics.problems)
                .description("Companies that cannot be listed or list nothing, and invalid lines of the target file")
                .register(meters);
    }

    private void gauge(
            MeterRegistry meters, String name, String unit, String description, ToDoubleFunction<Figures> figure) {
        Gauge.builder("rotation.schedule." + name, this, metrics -> figure.applyAsDouble(metrics.figures()))
                .baseUnit(unit.isEmpty() ? null : unit)
                .description(description)
                .register(meters);
    }

    void update(Collection<Target> targets, int problemCount) {
        problems = problemCount;
        credentials = targets.stream()
                .filter(target -> target.active() && !target.excluded())
                .map(Target::credential)
                .toList();
        inactive.retainAll(Set.copyOf(credentials));
        figures = Figures.none(Instant.EPOCH);
    }

    void setActive(CredentialId credential, boolean active) {
        boolean unused = active ? inactive.remove(credential) : inactive.add(credential);
    }

    private Figures figures() {
        Instant now = clock.instant();
        Figures cached = figures;
        if (Duration.between(cached.at, now).abs().compareTo(CACHE_TTL) > 0) {
            cached = credentials.stream()
                    .filter(credential -> !inactive.contains(credential))
                    .reduce(Figures.none(now), this::add, (one, other) -> one);
            figures = cached;
        }
        return cached;
    }

    private Figures add(Figures sum, CredentialId credential) {
        LedgerEntry entry = ledger.entry(credential);
        Instant dueAt = planner.dueAt(credential, entry, sum.at);
        return sum.add(dueAt, CredentialPlanner.keyAgeStart(entry, sum.at));
    }

    /** Ages and times are in seconds, NaN without a credential. */
    private record Figures(Instant at, int credentials, int due, int overdue, double oldestKeyAge, double nextDueAt) {

        static Figures none(Instant at) {
            return new Figures(at, 0, 0, 0, Double.NaN, Double.NaN);
        }

        Figures add(Instant dueAt, Instant since) {
            boolean isDue = !dueAt.isAfter(at);
            boolean isOverdue = DueDates.isOverdue(dueAt, at);
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
