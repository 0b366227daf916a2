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
 * When a company may be called: its calls at even distances, where they are limited, and none before the {@code Retry-After}
 * of a 429 is over. Then it is tried with one after the other, until the API answers otherwise. Each company is on its own.
 */
public final class CompanyRateLimiter {

    /** What is not begun yet does not wait for a turn that is further away. */
    public static final Duration LONGEST_WAIT = Duration.ofSeconds(5);

    /** Time for the turns of all that was let in to wait that long. */
    public static final Duration LONGEST_WAIT_OF_WHAT_IS_BEGUN = LONGEST_WAIT.multipliedBy(3);

    /** Then it is tried again, whatever the API said. */
    static final Duration LONGEST_REST = Duration.ofMinutes(10);

    private static final Logger LOG = LoggerFactory.getLogger(ManagementApiRoutes.class);
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    /** By which whoever looks may be late without losing turns: timers are, and at a high limit many turns go by meanwhile. */
    private static final long LATE = TimeUnit.MILLISECONDS.toNanos(20);

    /** Names of companies come from requests: those that need not wait are forgotten where there are more. */
    private static final int MANY = 1_000;

    private final long distance;
    private final Executor executor;
    private final LongSupplier nanoTime;
    private final Map<String, Company> companies = new ConcurrentHashMap<>();
    private long nextSweep;

    /** @param executor of those who have waited */
    public CompanyRateLimiter(ApiSettings settings, MeterRegistry meters, Executor executor) {
        this(settings.requestsPerSecond(), executor, System::nanoTime);
        Gauge.builder("rotation.api.companies.throttled", this, CompanyRateLimiter::resting)
                .description("Companies that the API asked, by a 429, to leave alone for now")
                .register(meters);
    }

    CompanyRateLimiter(int requestsPerSecond, Executor executor, LongSupplier nanoTime) {
        this.distance = requestsPerSecond == 0 ? 0 : SECOND / requestsPerSecond;
        this.executor = executor;
        this.nanoTime = nanoTime;
        this.nextSweep = nanoTime.getAsLong();
    }

    /**
     * Zero where something that calls this company may be begun now, and then it is taken to be; else how long to put it off.
     * So no more is begun than can be called.
     */
    public Duration untilItMayBegin(String companyId) {
        if (isUnlimited(companyId)) {
            return Duration.ZERO;
        }
        synchronized (this) {
            return Duration.ofNanos(company(companyId).begin());
        }
    }

    /**
     * Completes when it is the turn of this call.
     *
     * @throws RateLimitExceededException where it has none that is near enough, or the company rests
     */
    CompletableFuture<Void> turn(String companyId, Duration longestWait) {
        if (isUnlimited(companyId)) {
            return CompletableFuture.completedFuture(null);
        }
        long wait;
        synchronized (this) {
            wait = company(companyId).turn(longestWait.toNanos());
        }
        return wait == 0
                ? CompletableFuture.completedFuture(null)
                : CompletableFuture.runAsync(
                        () -> checkThatItDoesNotRestByNow(companyId),
                        CompletableFuture.delayedExecutor(wait, TimeUnit.NANOSECONDS, executor));
    }

    private synchronized void checkThatItDoesNotRestByNow(String companyId) {
        company(companyId).checkThatItDoesNotRest();
    }

    /**
     * Just before each call: it may have waited since its turn.
     *
     * @throws RateLimitExceededException where its company rests by now
     */
    void beforeCall(String companyId) {
        if (!isUnlimited(companyId)) {
            checkThatItDoesNotRestByNow(companyId);
        }
    }

    /** Of each answer. */
    void note(Exchange exchange) {
        Message answer = exchange.getMessage();
        String companyId = exchange.getProperty(ApiAuthenticator.COMPANY, String.class);
        Duration rest = RetryAfter.restAskedBy(answer);
        if (rest != null) {
            rest(companyId, rest);
        } else if (companies.containsKey(companyId) && !RetryAfter.isTooManyRequests(answer)) {
            isOpenAgain(companyId);
        }
    }

    synchronized void rest(String companyId, Duration asked) {
        Duration rest = asked.compareTo(LONGEST_REST) > 0 ? LONGEST_REST : asked;
        Company company = company(companyId);
        if (!company.isResting()) {
            LOG.warn("The API asks (429) to leave company {} alone for {}: its requests wait", companyId, rest);
        }
        company.rest(rest.toNanos());
    }

    synchronized void isOpenAgain(String companyId) {
        company(companyId).isOpenAgain();
    }

    private boolean isUnlimited(String companyId) {
        return distance == 0 && !companies.containsKey(companyId);
    }

    private Company company(String companyId) {
        long now = nanoTime.getAsLong();
        if (companies.size() > MANY && now - nextSweep >= 0) {
            nextSweep = now + SECOND;
            companies.values().removeIf(Company::isFree);
        }
        return companies.computeIfAbsent(companyId, Company::new);
    }

    synchronized int companies() {
        return companies.size();
    }

    private synchronized long resting() {
        return companies.values().stream().filter(Company::isResting).count();
    }

    /** Its next moments, as System.nanoTime() counts. Guarded by the pace. */
    private final class Company {

        private final String companyId;
        private long nextCall = nanoTime.getAsLong();
        private long nextBeginning = nextCall;
        private long endOfRest = nextCall;
        private boolean onTrial;

        Company(String companyId) {
            this.companyId = companyId;
        }

        /** Where somebody else calls all the time, too, one call after the other, the turn after that is its. */
        long begin() {
            long wait = Math.max(Math.max(until(nextBeginning), until(nextCall - distance)), until(endOfRest));
            if (wait == 0) {
                long now = nanoTime.getAsLong();
                long planned = now - nextBeginning < Math.max(distance, LATE) ? nextBeginning : now;
                nextBeginning = onTrial ? now + Math.max(SECOND, distance) : planned + distance;
            }
            return wait;
        }

        long turn(long longestWait) {
            checkThatItDoesNotRest();
            long wait = until(nextCall);
            if (wait > longestWait) {
                throw new RateLimitExceededException(
                        "Other calls of company " + companyId + " come first, and their number a second is limited",
                        Duration.ofNanos(wait));
            }
            long now = nanoTime.getAsLong();
            nextCall = (now - nextCall < LATE ? nextCall : now) + distance;
            return wait;
        }

        void checkThatItDoesNotRest() {
            if (isResting()) {
                throw new RateLimitExceededException(
                        "The API asked (429) to leave company " + companyId + " alone",
                        Duration.ofNanos(until(endOfRest)));
            }
        }

        void rest(long nanos) {
            endOfRest = nanoTime.getAsLong() + Math.max(until(endOfRest), nanos);
            onTrial = true;
        }

        void isOpenAgain() {
            if (onTrial && !isResting()) {
                onTrial = false;
                nextBeginning = nanoTime.getAsLong();
            }
        }

        boolean isResting() {
            return until(endOfRest) > 0;
        }

        boolean isFree() {
            boolean tried = !onTrial || until(endOfRest + LONGEST_REST.toNanos()) == 0;
            return until(nextBeginning) == 0 && until(nextCall) == 0 && !isResting() && tried;
        }

        private long until(long moment) {
            return Math.max(0, moment - nanoTime.getAsLong());
        }
    }
}
