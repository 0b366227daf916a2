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
 * A bulkhead: limits the calls in flight of all routes that share it, and isolates companies from each other. Further calls
 * queue by company; a permit goes to the company with the fewest calls in flight. A company with its share of the permits
 * leaves a quarter of all to the others, so that hanging calls of one company cannot stop another one.
 */
final class CallBulkhead extends QueueingPolicy<String> {

    /** Longer than a request takes before its call and after it. Its company keeps its share meanwhile. */
    static final Duration IDLE_TIMEOUT = Duration.ofSeconds(10);

    private final int permits;
    private final int reserve;
    private final LongSupplier nanoTime;

    /** The companies with calls in flight or queued. The company that released a permit last is at the end. */
    private final Map<String, Company> companies = new LinkedHashMap<>();

    /** When the other companies became idle, the earliest first. */
    private final Map<String, Long> idleSince = new LinkedHashMap<>();

    private int available;

    /**
     * @param executor runs the calls that have queued
     * @param nanoTime a clock in nanoseconds
     */
    CallBulkhead(int maxConcurrentCalls, Executor executor, LongSupplier nanoTime) {
        super(executor);
        this.permits = maxConcurrentCalls;
        this.reserve = (maxConcurrentCalls + 3) / 4;
        this.available = maxConcurrentCalls;
        this.nanoTime = nanoTime;
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
        available++;
        Company released = requireNonNull(companies.remove(companyId));
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
