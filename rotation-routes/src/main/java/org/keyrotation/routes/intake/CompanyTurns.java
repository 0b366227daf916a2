package org.keyrotation.routes.intake;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The records that may be handled: a company after the other, so that none has to wait for another's, and none that calls a
 * company which is not to be called yet. Guarded by the {@link Window}.
 */
final class CompanyTurns {

    private final Function<String, Duration> begin;
    private final Predicate<Taken> callsTheApi;
    private final Map<String, Company> companies = new LinkedHashMap<>();
    private @Nullable Duration delay;

    /**
     * @param begin zero where something that calls this company may be begun now, and it is taken to be; else how long to put
     *     it off
     * @param callsTheApi whether a record has to be put off at all; only asked where its company is
     */
    CompanyTurns(Function<String, Duration> begin, Predicate<Taken> callsTheApi) {
        this.begin = begin;
        this.callsTheApi = callsTheApi;
    }

    /** Nobody is put off. */
    static CompanyTurns firstInFirstOut() {
        return new CompanyTurns(company -> Duration.ZERO, taken -> false);
    }

    void add(Slot slot) {
        companies
                .computeIfAbsent(slot.company(), company -> new Company())
                .arrived
                .add(slot);
    }

    /** Whose turn it is, or null where it is nobody's yet. */
    @Nullable
    Slot next() {
        delay = null;
        Iterator<Map.Entry<String, Company>> all = companies.entrySet().iterator();
        while (all.hasNext()) {
            Map.Entry<String, Company> each = all.next();
            Slot next = next(each.getKey(), each.getValue());
            if (next != null) {
                all.remove();
                if (!each.getValue().isEmpty()) {
                    companies.put(each.getKey(), each.getValue()); // behind the others
                }
                delay = null;
                return next;
            }
        }
        return null;
    }

    /** As of the last asking, until it is somebody's turn; null where it was somebody's, or there is nobody. */
    @Nullable
    Duration delay() {
        return delay;
    }

    void forgetWithdrawn() {
        companies.values().forEach(company -> company.all().forEach(slots -> slots.removeIf(Slot::isWithdrawn)));
        companies.values().removeIf(Company::isEmpty);
    }

    private @Nullable Slot next(String name, Company company) {
        Duration wait = begin.apply(name);
        if (wait.isZero()) {
            return company.first();
        }
        delay = delay == null || wait.compareTo(delay) < 0 ? wait : delay;
        return company.firstThatNeedNotCall(callsTheApi);
    }

    /** It has at least one. */
    private static final class Company {

        /** Those that are known to call, older than the others. */
        private final Deque<Slot> putOff = new ArrayDeque<>();

        private final Deque<Slot> arrived = new ArrayDeque<>();

        Slot first() {
            return putOff.isEmpty() ? arrived.remove() : putOff.remove();
        }

        @Nullable
        Slot firstThatNeedNotCall(Predicate<Taken> callsTheApi) {
            for (Slot slot = arrived.poll(); slot != null; slot = arrived.poll()) {
                if (!callsTheApi.test(slot.taken())) {
                    return slot;
                }
                putOff.add(slot);
            }
            return null;
        }

        Stream<Deque<Slot>> all() {
            return Stream.of(putOff, arrived);
        }

        boolean isEmpty() {
            return putOff.isEmpty() && arrived.isEmpty();
        }
    }
}
