package org.keyrotation.routes.api;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** The rate limiter, with a clock that the test moves. */
class CompanyRateLimiterTest {

    private static final String ACME = "AcmeCorp";
    private static final String OTHER = "OtherCorp";

    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 1_000); // System.nanoTime() may overflow

    @Test
    void withoutALimitNothingIsDelayed() {
        CompanyRateLimiter limiter = limiter(0);

        for (int i = 0; i < 1_000; i++) {
            assertThat(limiter.tryAcquireStart(ACME)).isZero();
            assertThat(acquirePermit(limiter, ACME)).isCompleted();
        }
    }

    @Test
    void withALimitStartsAreEvenlySpaced() {
        CompanyRateLimiter limiter = limiter(10);
        assertThat(limiter.tryAcquireStart(ACME)).isZero();

        assertThat(limiter.tryAcquireStart(ACME)).isEqualTo(Duration.ofMillis(100));
        advance(99);
        assertThat(limiter.tryAcquireStart(ACME)).isEqualTo(Duration.ofMillis(1));
        advance(1);
        assertThat(limiter.tryAcquireStart(ACME)).isZero();
        assertThat(limiter.tryAcquireStart(ACME)).isPositive();
    }

    @Test
    void unusedPermitsMakeNoBurst() {
        CompanyRateLimiter limiter = limiter(1);
        assertThat(limiter.tryAcquireStart(ACME)).isZero();
        advance(3_600_000);

        assertThat(limiter.tryAcquireStart(ACME)).isZero();
        assertThat(limiter.tryAcquireStart(ACME)).isPositive();
        assertThat(acquirePermit(limiter, ACME)).isCompleted();
        assertThat(acquirePermit(limiter, ACME)).isNotCompleted();
    }

    @Test
    void aLateTimerLosesNoStart() {
        CompanyRateLimiter limiter = limiter(10);
        assertThat(limiter.tryAcquireStart(ACME)).isZero();
        advance(130);

        assertThat(limiter.tryAcquireStart(ACME)).isZero();
        assertThat(limiter.tryAcquireStart(ACME)).isEqualTo(Duration.ofMillis(70));
    }

    @Test
    void aHighLimitIsUsedUpByOccasionalPolls() {
        CompanyRateLimiter limiter = limiter(1_000);
        int started = 0;
        for (int poll = 0; poll < 250; poll++) {
            while (limiter.tryAcquireStart(ACME).isZero()) {
                started++;
                assertThat(acquirePermit(limiter, ACME)).isNotCompletedExceptionally();
            }
            advance(4);
        }

        assertThat(started).isBetween(990, 1_000);
    }

    @Test
    void aSlightlyLateCallLosesNoPermit() {
        CompanyRateLimiter limiter = limiter(1);
        assertThat(acquirePermit(limiter, ACME)).isCompleted();
        advance(1_010);
        assertThat(acquirePermit(limiter, ACME)).isCompleted();
        advance(990);

        assertThat(acquirePermit(limiter, ACME)).isCompleted();
    }

    @Test
    void nothingStartsWhileMoreThanOneCallIsQueued() {
        CompanyRateLimiter limiter = limiter(1);
        assertThat(acquirePermit(limiter, ACME)).isCompleted();
        assertThat(acquirePermit(limiter, ACME)).isNotCompleted();

        assertThat(limiter.tryAcquireStart(ACME)).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void steadyCallersDoNotStarveStarts() {
        CompanyRateLimiter limiter = limiter(10);
        for (int call = 0; call < 10; call++) {
            CompletableFuture<Void> unused = acquirePermit(limiter, ACME);
            assertThat(limiter.tryAcquireStart(ACME)).as("beside call %d", call).isZero();
            advance(100);
        }
    }

    @Test
    void aCallWaitsForItsPermit() {
        CompanyRateLimiter limiter = limiter(2);
        assertThat(acquirePermit(limiter, ACME)).isCompleted();

        CompletableFuture<Void> second = acquirePermit(limiter, ACME);

        assertThat(second).isNotCompleted();
        await().until(second::isDone);
        assertThat(second).isCompleted();
    }

    @Test
    void aCallDoesNotWaitLongerThanItsMaximum() {
        CompanyRateLimiter limiter = limiter(1);
        for (int i = 0; i <= 5; i++) {
            assertThat(acquirePermit(limiter, ACME)).isNotCompletedExceptionally();
        }

        assertThatThrownBy(() -> acquirePermit(limiter, ACME))
                .isInstanceOfSatisfying(ApiCallException.class, exceeded -> assertThat(exceeded.result())
                        .isInstanceOfSatisfying(ApiResult.RateLimited.class, limited -> {
                            assertThat(limited.retryAfter()).isEqualTo(Duration.ofSeconds(6));
                            assertThat(limited.called()).isFalse();
                        }));
        advance(1_000);
        assertThat(acquirePermit(limiter, ACME))
                .as("the refused call has kept no permit")
                .isNotCompletedExceptionally();
    }

    @Test
    void aStartedRotationWaitsLonger() {
        CompanyRateLimiter limiter = limiter(1);
        for (int i = 0; i <= 5; i++) {
            assertThat(acquirePermit(limiter, ACME)).isNotCompletedExceptionally();
        }

        assertThat(limiter.acquirePermit(ACME, CompanyRateLimiter.MAX_PERMIT_WAIT_STARTED))
                .isNotCompletedExceptionally();
    }

    @Test
    void companiesAreIndependent() {
        CompanyRateLimiter limiter = limiter(10);

        assertThat(limiter.tryAcquireStart(ACME)).isZero();
        assertThat(limiter.tryAcquireStart(OTHER)).isZero();
    }

    @Test
    void aBackOffPausesOneCompanyForItsTime() {
        CompanyRateLimiter limiter = limiter(0);

        limiter.backOff(ACME, Duration.ofSeconds(60));

        assertThat(limiter.tryAcquireStart(ACME)).isEqualTo(Duration.ofSeconds(60));
        assertThatThrownBy(() -> acquirePermit(limiter, ACME)).isInstanceOf(ApiCallException.class);
        assertThat(limiter.tryAcquireStart(OTHER)).isZero();
        assertThat(acquirePermit(limiter, OTHER)).isCompleted();
        advance(60_000);
        assertThat(limiter.tryAcquireStart(ACME)).isZero();
        assertThat(acquirePermit(limiter, ACME)).isCompleted();
    }

    @Test
    void aLaterBackOffDoesNotShortenIt() {
        CompanyRateLimiter limiter = limiter(0);

        limiter.backOff(ACME, Duration.ofSeconds(2));
        limiter.backOff(ACME, Duration.ofSeconds(1));

        assertThat(limiter.tryAcquireStart(ACME)).isEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void aBackOffLastsTenMinutesAtMost() {
        CompanyRateLimiter limiter = limiter(0);

        limiter.backOff(ACME, Duration.ofDays(9_999));

        assertThat(limiter.tryAcquireStart(ACME)).isEqualTo(Duration.ofMinutes(10));
    }

    @Test
    void aBackOffFailsQueuedCalls() {
        CompanyRateLimiter limiter = limiter(2);
        assertThat(acquirePermit(limiter, ACME)).isCompleted();
        CompletableFuture<Void> queued = acquirePermit(limiter, ACME);

        limiter.backOff(ACME, Duration.ofMinutes(1));

        await().until(queued::isDone);
        assertThat(queued).isCompletedExceptionally();
    }

    @Test
    void halfOpenOneRequestStartsASecond() {
        CompanyRateLimiter limiter = limiter(0);
        limiter.backOff(ACME, Duration.ofSeconds(60));
        advance(60_000);

        assertThat(limiter.tryAcquireStart(ACME)).isZero();
        assertThat(limiter.tryAcquireStart(ACME)).isEqualTo(Duration.ofSeconds(1));
        advance(1_000);
        assertThat(limiter.tryAcquireStart(ACME)).isZero();
        limiter.close(ACME);
        for (int i = 0; i < 100; i++) {
            assertThat(limiter.tryAcquireStart(ACME)).isZero();
        }
    }

    @Test
    void aResponseToAnEarlierCallDoesNotEndABackOff() {
        CompanyRateLimiter limiter = limiter(0);
        limiter.backOff(ACME, Duration.ofSeconds(60));

        limiter.close(ACME);

        assertThat(limiter.tryAcquireStart(ACME)).isEqualTo(Duration.ofSeconds(60));
    }

    @Test
    void idleCompaniesAreRemovedAboveTheThreshold() {
        CompanyRateLimiter limiter = limiter(1_000);
        for (int i = 0; i < 10_000; i++) {
            assertThat(acquirePermit(limiter, "company-" + i)).isCompleted();
            advance(1);
        }

        assertThat(limiter.companies()).isLessThan(2_100);
    }

    private static CompletableFuture<Void> acquirePermit(CompanyRateLimiter limiter, String companyId) {
        return limiter.acquirePermit(companyId, CompanyRateLimiter.MAX_PERMIT_WAIT);
    }

    private CompanyRateLimiter limiter(int requestsPerSecond) {
        return new CompanyRateLimiter(requestsPerSecond, Runnable::run, now::get);
    }

    private void advance(long milliseconds) {
        now.addAndGet(MILLISECONDS.toNanos(milliseconds));
    }
}
