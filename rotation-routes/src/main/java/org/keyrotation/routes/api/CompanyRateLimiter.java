package org.keyrotation.routes.api;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The rate limiter of the API calls, independent for each company. It spaces the calls of a company evenly, and backs off
 * after a 429 with {@code Retry-After}. After that it is half-open: it lets one request start a second until the API
 * answers without a 429.
 *
 * <p>A request is rate limited twice: {@link #tryAcquireStart} before it starts, and {@link #acquirePermit} for each call.
 */
public final class CompanyRateLimiter {

    /** The longest wait for a permit of a request that has not started a rotation. */
    public static final Duration MAX_PERMIT_WAIT = Duration.ofSeconds(5);

    /** The longest wait for a permit of a started rotation: long enough for all requests that were admitted before. */
    public static final Duration MAX_PERMIT_WAIT_STARTED = MAX_PERMIT_WAIT.multipliedBy(3);

    /** The longest back-off at a time, whatever the API asks for. */
    static final Duration MAX_BACKOFF = Duration.ofMinutes(10);

    private static final Logger LOG = LoggerFactory.getLogger(CompanyRateLimiter.class);
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    /** Timer tolerance, in nanoseconds: permits missed by less than this are not lost. */
    private static final long TIMER_TOLERANCE = TimeUnit.MILLISECONDS.toNanos(20);

    /** Above this number, idle companies are removed: their names come from requests, and are unbounded. */
    private static final int SWEEP_THRESHOLD = 1_000;

    private final long interval;
    private final Executor executor;
    private final LongSupplier nanoTime;
    private final Map<String, Company> companies = new ConcurrentHashMap<>();
    private long nextSweep;

    /** @param executor runs the calls that have waited for a permit */
    public CompanyRateLimiter(ApiSettings settings, MeterRegistry meters, Executor executor) {
        this(settings.requestsPerSecond(), executor, System::nanoTime);
        Gauge.builder("rotation.api.companies.throttled", this, CompanyRateLimiter::backingOff)
                .description("Companies that are not called for now because the API answered 429")
                .register(meters);
    }

    CompanyRateLimiter(int requestsPerSecond, Executor executor, LongSupplier nanoTime) {
        this.interval = requestsPerSecond == 0 ? 0 : SECOND / requestsPerSecond;
        this.executor = executor;
        this.nanoTime = nanoTime;
        this.nextSweep = nanoTime.getAsLong();
    }

    /**
     * Tries to acquire the start of a request that calls this company. It keeps more requests from starting than can call.
     *
     * @return zero if the request may start now, and the start is taken; otherwise the delay until the next attempt
     */
    public Duration tryAcquireStart(String companyId) {
        if (isUnlimited(companyId)) {
            return Duration.ZERO;
        }
        synchronized (this) {
            return Duration.ofNanos(company(companyId).tryStart());
        }
    }

    /**
     * Acquires a permit for one call, and completes when the call may be made.
     *
     * @throws ApiCallException if the wait would be longer than {@code maxWait}, or the company is backing off
     */
    CompletableFuture<Void> acquirePermit(String companyId, Duration maxWait) {
        if (isUnlimited(companyId)) {
            return CompletableFuture.completedFuture(null);
        }
        long wait;
        synchronized (this) {
            wait = company(companyId).acquirePermit(maxWait.toNanos());
        }
        return wait == 0
                ? CompletableFuture.completedFuture(null)
                : new CompletableFuture<Void>() // a delayed executor would never complete after its pool is shut down
                        .completeOnTimeout(null, wait, TimeUnit.NANOSECONDS)
                        .thenRunAsync(() -> checkNotBackingOff(companyId), executor);
    }

    /**
     * Checks the company once more, just before the call: a back-off may have started since the permit was acquired.
     *
     * @throws ApiCallException if the company is backing off
     */
    void checkNotBackingOff(String companyId) {
        if (!isUnlimited(companyId)) {
            synchronized (this) {
                company(companyId).checkNotBackingOff();
            }
        }
    }

    void recordResponse(Exchange exchange) {
        Message response = exchange.getMessage();
        String companyId = RequestHeaders.companyId(exchange);
        Duration backOff = RetryAfter.backOff(response);
        if (backOff != null) {
            backOff(companyId, backOff);
        } else if (companies.containsKey(companyId) && !RetryAfter.isTooManyRequests(response)) {
            close(companyId);
        }
    }

    synchronized void backOff(String companyId, Duration requested) {
        Duration backOff = requested.compareTo(MAX_BACKOFF) > 0 ? MAX_BACKOFF : requested;
        Company company = company(companyId);
        if (!company.isBackingOff()) {
            LOG.atWarn()
                    .addKeyValue("companyId", companyId)
                    .log("Rate limited by the API (429): pausing company {} for {}", companyId, backOff);
        }
        company.backOff(backOff.toNanos());
    }

    /** Ends the half-open state of the company, as a circuit breaker closes. */
    synchronized void close(String companyId) {
        company(companyId).close();
    }

    private boolean isUnlimited(String companyId) {
        return interval == 0 && !companies.containsKey(companyId);
    }

    private Company company(String companyId) {
        long now = nanoTime.getAsLong();
        if (companies.size() > SWEEP_THRESHOLD && now - nextSweep >= 0) {
            nextSweep = now + SECOND;
            companies.values().removeIf(Company::isIdle);
        }
        return companies.computeIfAbsent(companyId, Company::new);
    }

    synchronized int companies() {
        return companies.size();
    }

    private synchronized long backingOff() {
        return companies.values().stream().filter(Company::isBackingOff).count();
    }

    /** The state of one company. Times are those of System.nanoTime(); the rate limiter's monitor guards all fields. */
    private final class Company {

        private final String companyId;
        private long nextPermit = nanoTime.getAsLong();
        private long nextStart = nextPermit;
        private long backOffEnd = nextPermit;
        private boolean halfOpen;

        Company(String companyId) {
            this.companyId = companyId;
        }

        /** Allows a start while at most one other call is queued, so steady callers cannot starve the queue. */
        long tryStart() {
            long wait = Math.max(Math.max(until(nextStart), until(nextPermit - interval)), until(backOffEnd));
            if (wait == 0) {
                long now = nanoTime.getAsLong();
                long scheduled = now - nextStart < Math.max(interval, TIMER_TOLERANCE) ? nextStart : now;
                nextStart = halfOpen ? now + Math.max(SECOND, interval) : scheduled + interval;
            }
            return wait;
        }

        long acquirePermit(long maxWait) {
            checkNotBackingOff();
            long wait = until(nextPermit);
            if (wait > maxWait) {
                throw ApiCallException.rateLimited(
                        "Rate limit exceeded: too many calls of company " + companyId + " are queued",
                        Duration.ofNanos(wait));
            }
            long now = nanoTime.getAsLong();
            nextPermit = (now - nextPermit < TIMER_TOLERANCE ? nextPermit : now) + interval;
            return wait;
        }

        void checkNotBackingOff() {
            if (isBackingOff()) {
                throw ApiCallException.rateLimited(
                        "Rate limited by the API (429): company " + companyId + " is paused",
                        Duration.ofNanos(until(backOffEnd)));
            }
        }

        void backOff(long nanos) {
            backOffEnd = nanoTime.getAsLong() + Math.max(until(backOffEnd), nanos);
            halfOpen = true;
        }

        /** Ignores the response to a call that was sent before the back-off. */
        void close() {
            if (halfOpen && !isBackingOff()) {
                halfOpen = false;
                nextStart = nanoTime.getAsLong();
            }
        }

        boolean isBackingOff() {
            return until(backOffEnd) > 0;
        }

        /** A half-open company is kept for another MAX_BACKOFF: removing it would lift its limit unprobed. */
        boolean isIdle() {
            boolean expired = !halfOpen || until(backOffEnd + MAX_BACKOFF.toNanos()) == 0;
            return until(nextStart) == 0 && until(nextPermit) == 0 && !isBackingOff() && expired;
        }

        private long until(long time) {
            return Math.max(0, time - nanoTime.getAsLong());
        }
    }
}
