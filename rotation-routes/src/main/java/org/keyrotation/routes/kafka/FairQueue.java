package org.keyrotation.routes.kafka;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The records that may be handled. Next is one of the company that has the fewest under way, so that a company whose calls fail
 * or hang has no more places than any other; and none that calls a company which is not to be called yet. Guarded by the {@link
 * InFlightRecords}.
 */
public final class FairQueue {

    private final Function<String, Duration> untilItMayBegin;
    private final Predicate<Taken> callsTheApi;
    private final LongSupplier nanoTime;
    private final Map<String, Company> companies = new HashMap<>();
    private final NavigableSet<Company> inTurn = new TreeSet<>(
            Comparator.comparingInt((Company company) -> company.underWay).thenComparingLong(company -> company.turn));
    private final NavigableSet<Company> putOff = new TreeSet<>(
            Comparator.comparingLong((Company company) -> company.putOffUntil).thenComparing(company -> company.name));
    private long lastTurn;

    /**
     * @param untilItMayBegin zero where something that calls this company may be begun now, and it is taken to be; else how
     *     long to put it off
     * @param callsTheApi whether a record has to be put off at all; only asked where its company is
     * @param nanoTime of a clock that does not overflow
     */
    public FairQueue(Function<String, Duration> untilItMayBegin, Predicate<Taken> callsTheApi, LongSupplier nanoTime) {
        this.untilItMayBegin = untilItMayBegin;
        this.callsTheApi = callsTheApi;
        this.nanoTime = nanoTime;
    }

    public static FairQueue nobodyIsPutOff() {
        return new FairQueue(company -> Duration.ZERO, taken -> false, () -> 0);
    }

    /** Where its company is put off, it may be one that does not call it. */
    void add(InFlightRecord slot) {
        Company company = companies.computeIfAbsent(slot.company(), Company::new);
        company.arrived.add(slot);
        putOff.remove(company);
        if (!inTurn.contains(company)) {
            queue(company);
        }
    }

    /** Whose turn it is, or null where it is nobody's yet. It is under way until it has {@link #end ended}. */
    @Nullable
    InFlightRecord next() {
        while (!putOff.isEmpty() && putOff.first().putOffUntil <= nanoTime.getAsLong()) {
            queue(putOff.pollFirst());
        }
        InFlightRecord next = null;
        while (next == null && !inTurn.isEmpty()) {
            next = next(inTurn.pollFirst());
        }
        return next;
    }

    /** However it did. */
    void end(InFlightRecord slot) {
        Company company = requireNonNull(companies.get(slot.company()));
        boolean waits = inTurn.remove(company); // it is sorted by what changes now
        company.underWay--;
        if (waits) {
            inTurn.add(company);
        }
        forgetIfNothingIsLeft(company);
    }

    /** Until it may be the turn of somebody that is put off; null where there is nobody. */
    @Nullable
    Duration delay() {
        return putOff.isEmpty()
                ? null
                : Duration.ofNanos(Math.max(0, putOff.first().putOffUntil - nanoTime.getAsLong()));
    }

    void forgetWithdrawn() {
        companies.values().forEach(company -> company.all()
                .forEach(slots -> slots.removeIf(InFlightRecord::isWithdrawn)));
        companies.values().stream().filter(Company::isEmpty).toList().forEach(company -> {
            inTurn.remove(company);
            putOff.remove(company);
            forgetIfNothingIsLeft(company);
        });
    }

    private void forgetIfNothingIsLeft(Company company) {
        if (company.isEmpty() && company.underWay == 0) {
            companies.remove(company.name);
        }
    }

    /** Behind those that have as many under way. */
    private void queue(Company company) {
        company.turn = ++lastTurn;
        inTurn.add(company);
    }

    private @Nullable InFlightRecord next(Company company) {
        Duration wait = untilItMayBegin.apply(company.name);
        InFlightRecord next = wait.isZero() ? company.first() : company.firstThatNeedNotCall(callsTheApi);
        if (next == null) {
            company.putOffUntil = nanoTime.getAsLong() + wait.toNanos();
            putOff.add(company);
            return null;
        }
        company.underWay++;
        if (!company.isEmpty()) {
            queue(company);
        }
        return next;
    }

    /** It has at least one record, here or under way. */
    private static final class Company {

        private final String name;
        private int underWay;
        private long turn;
        private long putOffUntil;

        /** Those that are known to call, older than the others. */
        private final Deque<InFlightRecord> callers = new ArrayDeque<>();

        private final Deque<InFlightRecord> arrived = new ArrayDeque<>();

        Company(String name) {
            this.name = name;
        }

        InFlightRecord first() {
            return callers.isEmpty() ? arrived.remove() : callers.remove();
        }

        @Nullable
        InFlightRecord firstThatNeedNotCall(Predicate<Taken> callsTheApi) {
            while (!arrived.isEmpty()) {
                boolean calls = callsTheApi.test(arrived.element().taken());
                InFlightRecord slot = arrived.remove();
                if (!calls) {
                    return slot;
                }
                callers.add(slot);
            }
            return null;
        }

        Stream<Deque<InFlightRecord>> all() {
            return Stream.of(callers, arrived);
        }

        boolean isEmpty() {
            return callers.isEmpty() && arrived.isEmpty();
        }
    }
}
