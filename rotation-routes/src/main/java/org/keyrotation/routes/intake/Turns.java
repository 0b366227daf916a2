package org.keyrotation.routes.intake;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The records that may be handled: a company after the other, so that none has to wait for another's, and none whose
 * company is not to be called yet. Guarded by the {@link Window}.
 */
final class Turns {

    private static final String NO_COMPANY = "";

    private final Function<String, Duration> begin;
    private final int most;
    private final Map<String, Company> companies = new LinkedHashMap<>();
    private @Nullable Duration delay;

    /**
     * @param begin zero where something that calls this company may be begun now, and it is taken to be; else how long to
     *     put it off
     * @param most records of a company that may be put off; there is to be room for the others
     */
    Turns(Function<String, Duration> begin, int most) {
        this.begin = begin;
        this.most = most;
    }

    void add(Slot slot) {
        Company company = company(slot.company());
        if (company.isPutOff && company.slots.size() >= most) {
            slot.crowdOut();
            company(NO_COMPANY).slots.add(slot);
        } else {
            company.slots.add(slot);
        }
    }

    /** Whose turn it is, or null where it is nobody's yet. */
    @Nullable
    Slot next() {
        delay = null;
        Iterator<Map.Entry<String, Company>> all = companies.entrySet().iterator();
        while (all.hasNext()) {
            Map.Entry<String, Company> each = all.next();
            Duration wait = each.getKey().equals(NO_COMPANY) ? Duration.ZERO : begin.apply(each.getKey());
            if (wait.isZero()) {
                all.remove();
                return next(each.getKey(), each.getValue());
            }
            each.getValue().isPutOff = true;
            delay = delay == null || wait.compareTo(delay) < 0 ? wait : delay;
        }
        return null;
    }

    /** As of the last asking, until it is somebody's turn; null where it was somebody's, or there was nobody. */
    @Nullable
    Duration delay() {
        return delay;
    }

    private Slot next(String name, Company company) {
        delay = null;
        company.isPutOff = false;
        Slot next = company.slots.remove();
        if (!company.slots.isEmpty()) {
            companies.put(name, company); // behind the others
        }
        return next;
    }

    private Company company(String name) {
        return companies.computeIfAbsent(name, company -> new Company());
    }

    private static final class Company {
        private final Deque<Slot> slots = new ArrayDeque<>();
        private boolean isPutOff;
    }
}
