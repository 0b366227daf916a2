package org.keyrotation.routes.api;

import static java.util.Comparator.comparingInt;
import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;
import org.keyrotation.routes.camel.QueueingPolicy;

/**
 * A bulkhead: limits the calls in flight of all routes that share it. Further calls queue by company, and a permit goes to the
 * company with the fewest calls in flight. A company that has its share leaves the reserve to the others: its hanging calls do
 * not stop the requests of another company that are in process.
 */
final class CallBulkhead extends QueueingPolicy<String> {

    /** A company keeps its share for this time after its last call: its requests wait for Kafka between their calls. */
    static final Duration IDLE_TIMEOUT = Duration.ofSeconds(10);

    private final int permits;
    private final int reserve;
    private final LongSupplier nanoTime;

    /** The companies with calls in flight or queued, in the order in which they released a permit or came. */
    private final Map<String, Company> companies = new LinkedHashMap<>();

    /** The other companies, with the time of their last call, the earliest first. */
    private final Map<String, Long> idleSince = new LinkedHashMap<>();

    private int available;

    /**
     * @param reserve the permits that a company leaves to the others
     * @param executor runs the calls that have queued
     * @param nanoTime a clock in nanoseconds
     */
    CallBulkhead(int maxConcurrentCalls, int reserve, Executor executor, LongSupplier nanoTime) {
        super(executor);
        this.permits = maxConcurrentCalls;
        this.reserve = reserve;
        this.available = maxConcurrentCalls;
        this.nanoTime = nanoTime;
    }

    /**
     * A quarter of the permits is the reserve. With a rate limit there is none: calls that wait for the bulkhead have a permit
     * of the rate limiter already, and would be sent in a burst.
     */
    static CallBulkhead of(ApiSettings settings, Executor executor) {
        int reserve = settings.requestsPerSecond() == 0 ? (settings.maxInFlight() + 3) / 4 : 0;
        return new CallBulkhead(settings.maxInFlight(), reserve, executor, System::nanoTime);
    }

    @Override
    protected String key(Exchange exchange) {
        return exchange.getMessage().getBody(ApiRequest.class).companyId();
    }

    @Override
    protected synchronized boolean acquireOrQueue(String companyId, Queued<String> queued) {
        idleSince.remove(companyId);
        removeIdleCompanies();
        Company company = companies.computeIfAbsent(companyId, id -> new Company());
        if (!mayStart(company)) {
            company.queue.add(queued);
            return false;
        }
        start(company);
        return true;
    }

    @Override
    protected synchronized Collection<Queued<String>> release(String companyId) {
        Company released = requireNonNull(companies.remove(companyId));
        available++;
        released.inFlight--;
        if (released.inFlight > 0 || !released.queue.isEmpty()) {
            companies.put(companyId, released);
        } else {
            idleSince.put(companyId, nanoTime.getAsLong());
        }
        removeIdleCompanies();
        return startQueued();
    }

    private void removeIdleCompanies() {
        long now = nanoTime.getAsLong();
        Iterator<Long> idle = idleSince.values().iterator();
        while (idle.hasNext() && now - idle.next() >= IDLE_TIMEOUT.toNanos()) {
            idle.remove();
        }
    }

    private Collection<Queued<String>> startQueued() {
        List<Queued<String>> started = new ArrayList<>(1);
        Company next = nextToStart();
        while (next != null) {
            started.add(next.queue.remove());
            start(next);
            next = nextToStart();
        }
        return started;
    }

    private @Nullable Company nextToStart() {
        return companies.values().stream()
                .filter(company -> !company.queue.isEmpty())
                .min(comparingInt(company -> company.inFlight))
                .filter(this::mayStart)
                .orElse(null);
    }

    private boolean mayStart(Company company) {
        boolean isBelowItsShare = company.inFlight * (companies.size() + idleSince.size()) < permits;
        return available > (isBelowItsShare ? 0 : reserve);
    }

    private void start(Company company) {
        available--;
        company.inFlight++;
    }

    private static final class Company {
        private final Queue<Queued<String>> queue = new ArrayDeque<>();
        private int inFlight;
    }
}
