package org.keyrotation.routes.api;

import io.github.bucket4j.Bucket;
import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.Exchange;
import org.apache.camel.Message;

/**
 * When a company may be called: at even distances where its calls a second are limited, and after a 429 not before its
 * {@code Retry-After} is over. Each company is on its own.
 */
public final class Pace {

    /** What the API asks for beyond this is not waited for on a thread: the call is not made. */
    static final Duration LONGEST_WAIT = Duration.ofSeconds(2);

    /** Then somebody asks again, whatever the API said. */
    private static final Duration LONGEST_REST = Duration.ofHours(1);

    private static final int TOO_MANY_REQUESTS = 429;

    private final int perSecond;
    private final TimeMeter time;
    private final Map<String, Bucket> calls = new ConcurrentHashMap<>();
    private final Map<String, Bucket> beginnings = new ConcurrentHashMap<>();
    private final Map<String, Long> restsUntil = new ConcurrentHashMap<>();

    public Pace(ApiSettings settings) {
        this(settings.requestsPerSecond(), TimeMeter.SYSTEM_NANOTIME);
    }

    Pace(int perSecond, TimeMeter time) {
        this.perSecond = perSecond;
        this.time = time;
    }

    /**
     * Zero where something that calls this company may be begun now, and it is taken to be; else how long to put it off. A
     * rest that is longer than a thread waits is to be told by the call.
     */
    public Duration begin(String companyId) {
        Duration rest = rest(companyId);
        if (!rest.isZero()) {
            return rest.compareTo(LONGEST_WAIT) > 0 ? Duration.ZERO : rest;
        }
        if (perSecond == 0) {
            return Duration.ZERO;
        }
        long untilCall = bucket(calls, companyId).estimateAbilityToConsume(1).getNanosToWaitForRefill();
        return Duration.ofNanos(
                untilCall > 0
                        ? untilCall
                        : bucket(beginnings, companyId)
                                .tryConsumeAndReturnRemaining(1)
                                .getNanosToWaitForRefill());
    }

    /** Returns when it is this call's turn, and it is still wanted then. */
    void await(Exchange exchange) throws InterruptedException, CompanyRestsException {
        ApiCall call = exchange.getMessage().getBody(ApiCall.class);
        String companyId = call.credential().companyId();
        Duration rest = rest(companyId);
        if (rest.compareTo(LONGEST_WAIT) > 0) {
            throw new CompanyRestsException(companyId, rest);
        }
        Thread.sleep(rest.toMillis());
        if (perSecond > 0) {
            bucket(calls, companyId).asBlocking().consume(1);
        }
        call.check();
    }

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
        restsUntil.merge(companyId, time.currentTimeNanos() + rest.toNanos(), Math::max);
    }

    private Duration rest(String companyId) {
        Long until = restsUntil.get(companyId);
        if (until == null) {
            return Duration.ZERO;
        }
        long left = until - time.currentTimeNanos();
        if (left <= 0) {
            restsUntil.remove(companyId, until);
        }
        return Duration.ofNanos(Math.max(0, left));
    }

    /** It lets no more through at once than what a twentieth of a second is worth. */
    private Bucket bucket(Map<String, Bucket> ofCompanies, String companyId) {
        return ofCompanies.computeIfAbsent(companyId, id -> Bucket.builder()
                .addLimit(limit ->
                        limit.capacity(Math.max(1, perSecond / 20)).refillGreedy(perSecond, Duration.ofSeconds(1)))
                .withCustomTimePrecision(time)
                .build());
    }
}
