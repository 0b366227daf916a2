package org.keyrotation.routes.api;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
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
 * of a 429 is over. Each company is on its own.
 */
public final class Pace {

    /** A call whose turn is further away is not waited for: its request is for a retry topic. */
    static final Duration LONGEST_WAIT = Duration.ofSeconds(5);

    /** Then somebody asks again, whatever the API said. */
    static final Duration LONGEST_REST = Duration.ofMinutes(10);

    private static final Logger LOG = LoggerFactory.getLogger(ManagementApiRoutes.class);
    private static final int TOO_MANY_REQUESTS = 429;

    /** Names of companies come from requests: those that need not wait are forgotten where there are more. */
    private static final int MANY = 1_000;

    private final long distance;
    private final Executor executor;
    private final LongSupplier nanoTime;
    private final Map<String, Company> companies = new ConcurrentHashMap<>();

    /** @param executor of those who have waited */
    public Pace(ApiSettings settings, MeterRegistry meters, Executor executor) {
        this(settings.requestsPerSecond(), executor, System::nanoTime);
        Gauge.builder("rotation.api.companies.resting", this, Pace::resting)
                .description("Companies that the API asked, by a 429, to leave alone for now")
                .register(meters);
    }

    Pace(int requestsPerSecond, Executor executor, LongSupplier nanoTime) {
        this.distance = requestsPerSecond == 0 ? 0 : TimeUnit.SECONDS.toNanos(1) / requestsPerSecond;
        this.executor = executor;
        this.nanoTime = nanoTime;
    }

    /**
     * Zero where something that calls this company may be begun now, and then it is taken to be; else how long to put it off.
     * So no more is begun than can be called, and what is begun hardly waits.
     */
    public Duration begin(String companyId) {
        return isUnlimited(companyId) ? Duration.ZERO : company(companyId).begin();
    }

    /**
     * Completes when it is the turn of this call.
     *
     * @throws CompanyRestsException where that is too far away; it has no turn then
     */
    CompletableFuture<Void> turn(String companyId) {
        long wait = isUnlimited(companyId) ? 0 : company(companyId).turn();
        return wait == 0
                ? CompletableFuture.completedFuture(null)
                : CompletableFuture.runAsync(
                                () -> {}, CompletableFuture.delayedExecutor(wait, TimeUnit.NANOSECONDS, executor))
                        .thenCompose(waited -> turnAgainIfItRestsByNow(companyId));
    }

    private CompletableFuture<Void> turnAgainIfItRestsByNow(String companyId) {
        return company(companyId).isResting() ? turn(companyId) : CompletableFuture.completedFuture(null);
    }

    /** Of each answer. */
    void note(Exchange exchange) {
        Message answer = exchange.getMessage();
        if (answer.getHeader(Exchange.HTTP_RESPONSE_CODE, 0, int.class) == TOO_MANY_REQUESTS) {
            Duration asked = RetryAfter.parse(answer.getHeader("Retry-After", String.class), Instant.now());
            if (asked != null) {
                rest(exchange.getProperty(SignIns.COMPANY, String.class), asked);
            }
        }
    }

    void rest(String companyId, Duration asked) {
        Duration rest = asked.compareTo(LONGEST_REST) > 0 ? LONGEST_REST : asked;
        if (company(companyId).rest(rest)) {
            LOG.warn("The API asks (429) to leave company {} alone for {}: its requests wait", companyId, rest);
        }
    }

    private boolean isUnlimited(String companyId) {
        return distance == 0 && !companies.containsKey(companyId);
    }

    private Company company(String companyId) {
        if (companies.size() > MANY) {
            companies.values().removeIf(Company::isFree);
        }
        return companies.computeIfAbsent(companyId, Company::new);
    }

    int companies() {
        return companies.size();
    }

    private long resting() {
        return companies.values().stream().filter(Company::isResting).count();
    }

    /** Its next moments, as System.nanoTime() counts. */
    private final class Company {

        private final String companyId;
        private long nextCall = nanoTime.getAsLong();
        private long nextBeginning = nextCall;
        private long endOfRest = nextCall;

        Company(String companyId) {
            this.companyId = companyId;
        }

        synchronized Duration begin() {
            long wait = Math.max(until(nextBeginning), untilCall());
            if (wait == 0) {
                nextBeginning = nanoTime.getAsLong() + distance;
            }
            return Duration.ofNanos(wait);
        }

        /** Returns the nanoseconds until then. */
        synchronized long turn() {
            long wait = untilCall();
            if (wait > LONGEST_WAIT.toNanos()) {
                throw new CompanyRestsException(companyId, Duration.ofNanos(wait));
            }
            nextCall = nanoTime.getAsLong() + wait + distance;
            return wait;
        }

        /** Returns whether it did not rest before. */
        synchronized boolean rest(Duration rest) {
            boolean did = isResting();
            endOfRest = nanoTime.getAsLong() + Math.max(until(endOfRest), rest.toNanos());
            return !did && !rest.isZero();
        }

        synchronized boolean isResting() {
            return until(endOfRest) > 0;
        }

        synchronized boolean isFree() {
            return until(nextBeginning) == 0 && untilCall() == 0;
        }

        private long untilCall() {
            return Math.max(until(nextCall), until(endOfRest));
        }

        private long until(long moment) {
            return Math.max(0, moment - nanoTime.getAsLong());
        }
    }
}
