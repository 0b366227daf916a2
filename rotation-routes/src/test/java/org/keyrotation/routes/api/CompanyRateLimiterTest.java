package org.keyrotation.routes.api;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** When a company may be called, by a clock that stands still until it is moved. */
class CompanyRateLimiterTest {

    private static final String ACME = "AcmeCorp";
    private static final String OTHER = "OtherCorp";

    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 1_000); // System.nanoTime() may overflow

    @Test
    void withoutALimitNothingIsPutOff() {
        CompanyRateLimiter pace = pace(0);

        for (int i = 0; i < 1_000; i++) {
            assertThat(pace.untilItMayBegin(ACME)).isZero();
            assertThat(turn(pace, ACME)).isCompleted();
        }
    }

    @Test
    void withALimitOneBeginsAfterTheOtherAtEvenDistances() {
        CompanyRateLimiter pace = pace(10);
        assertThat(pace.untilItMayBegin(ACME)).isZero();

        assertThat(pace.untilItMayBegin(ACME)).isEqualTo(Duration.ofMillis(100));
        pass(99);
        assertThat(pace.untilItMayBegin(ACME)).isEqualTo(Duration.ofMillis(1));
        pass(1);
        assertThat(pace.untilItMayBegin(ACME)).isZero();
        assertThat(pace.untilItMayBegin(ACME)).isPositive();
    }

    @Test
    void whatWasNotUsedMakesNoBurst() {
        CompanyRateLimiter pace = pace(1);
        assertThat(pace.untilItMayBegin(ACME)).isZero();
        pass(3_600_000);

        assertThat(pace.untilItMayBegin(ACME)).isZero();
        assertThat(pace.untilItMayBegin(ACME)).isPositive();
        assertThat(turn(pace, ACME)).isCompleted();
        assertThat(turn(pace, ACME)).isNotCompleted();
    }

    @Test
    void aTimerThatIsLateLosesNoTurn() {
        CompanyRateLimiter pace = pace(10);
        assertThat(pace.untilItMayBegin(ACME)).isZero();
        pass(130);

        assertThat(pace.untilItMayBegin(ACME)).isZero();
        assertThat(pace.untilItMayBegin(ACME)).isEqualTo(Duration.ofMillis(70));
    }

    @Test
    void alsoAHighLimitIsUsedUpByWhoLooksNowAndThen() {
        CompanyRateLimiter pace = pace(1_000);
        int begun = 0;
        for (int look = 0; look < 250; look++) {
            while (pace.untilItMayBegin(ACME).isZero()) {
                begun++;
                assertThat(turn(pace, ACME)).isNotCompletedExceptionally();
            }
            pass(4);
        }

        assertThat(begun).isBetween(990, 1_000);
    }

    @Test
    void aCallThatComesALittleLateLosesNoTurn() {
        CompanyRateLimiter pace = pace(1);
        assertThat(turn(pace, ACME)).isCompleted();
        pass(1_010);
        assertThat(turn(pace, ACME)).isCompleted();
        pass(990);

        assertThat(turn(pace, ACME)).isCompleted();
    }

    @Test
    void nothingIsBegunWhileMoreThanOneCallWaitsForItsTurn() {
        CompanyRateLimiter pace = pace(1);
        assertThat(turn(pace, ACME)).isCompleted();
        assertThat(turn(pace, ACME)).isNotCompleted();

        assertThat(pace.untilItMayBegin(ACME)).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void somethingIsBegunThoughOthersCallAllTheTime() {
        CompanyRateLimiter pace = pace(10);
        for (int call = 0; call < 10; call++) {
            CompletableFuture<Void> unused = turn(pace, ACME);
            assertThat(pace.untilItMayBegin(ACME)).as("beside call %d", call).isZero();
            pass(100);
        }
    }

    @Test
    void aCallWaitsForItsTurn() {
        CompanyRateLimiter pace = pace(2);
        assertThat(turn(pace, ACME)).isCompleted();

        CompletableFuture<Void> second = turn(pace, ACME);

        assertThat(second).isNotCompleted();
        await().until(second::isDone);
        assertThat(second).isCompleted();
    }

    @Test
    void aCallDoesNotWaitForATurnThatIsFarAway() {
        CompanyRateLimiter pace = pace(1);
        for (int i = 0; i <= 5; i++) {
            assertThat(turn(pace, ACME)).isNotCompletedExceptionally();
        }

        assertThatThrownBy(() -> turn(pace, ACME))
                .isInstanceOfSatisfying(RateLimitExceededException.class, rests -> assertThat(rests.left())
                        .isEqualTo(Duration.ofSeconds(6)));
        pass(1_000);
        assertThat(turn(pace, ACME)).as("it has kept no turn").isNotCompletedExceptionally();
    }

    @Test
    void whatIsBegunWaitsLonger() {
        CompanyRateLimiter pace = pace(1);
        for (int i = 0; i <= 5; i++) {
            assertThat(turn(pace, ACME)).isNotCompletedExceptionally();
        }

        assertThat(pace.turn(ACME, CompanyRateLimiter.LONGEST_WAIT_OF_WHAT_IS_BEGUN))
                .isNotCompletedExceptionally();
    }

    @Test
    void aCompanyDoesNotUseUpTheTurnsOfAnother() {
        CompanyRateLimiter pace = pace(10);

        assertThat(pace.untilItMayBegin(ACME)).isZero();
        assertThat(pace.untilItMayBegin(OTHER)).isZero();
    }

    @Test
    void aRestIsTheCompanysAloneAndIsOverAfterItsTime() {
        CompanyRateLimiter pace = pace(0);

        pace.rest(ACME, Duration.ofSeconds(60));

        assertThat(pace.untilItMayBegin(ACME)).isEqualTo(Duration.ofSeconds(60));
        assertThatThrownBy(() -> turn(pace, ACME)).isInstanceOf(RateLimitExceededException.class);
        assertThat(pace.untilItMayBegin(OTHER)).isZero();
        assertThat(turn(pace, OTHER)).isCompleted();
        pass(60_000);
        assertThat(pace.untilItMayBegin(ACME)).isZero();
        assertThat(turn(pace, ACME)).isCompleted();
    }

    @Test
    void aRestThatIsAskedForLaterDoesNotMakeItShorter() {
        CompanyRateLimiter pace = pace(0);

        pace.rest(ACME, Duration.ofSeconds(2));
        pace.rest(ACME, Duration.ofSeconds(1));

        assertThat(pace.untilItMayBegin(ACME)).isEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void somebodyAsksAgainAfterTenMinutesWhateverTheApiSaid() {
        CompanyRateLimiter pace = pace(0);

        pace.rest(ACME, Duration.ofDays(9_999));

        assertThat(pace.untilItMayBegin(ACME)).isEqualTo(Duration.ofMinutes(10));
    }

    @Test
    void whoWaitsForItsTurnHasNoneWhereARestBeginsMeanwhile() {
        CompanyRateLimiter pace = pace(2);
        assertThat(turn(pace, ACME)).isCompleted();
        CompletableFuture<Void> waits = turn(pace, ACME);

        pace.rest(ACME, Duration.ofMinutes(1));

        await().until(waits::isDone);
        assertThat(waits).isCompletedExceptionally();
    }

    @Test
    void afterARestOneIsTriedASecondUntilTheApiAnswersOtherwise() {
        CompanyRateLimiter pace = pace(0);
        pace.rest(ACME, Duration.ofSeconds(60));
        pass(60_000);

        assertThat(pace.untilItMayBegin(ACME)).isZero();
        assertThat(pace.untilItMayBegin(ACME)).isEqualTo(Duration.ofSeconds(1));
        pass(1_000);
        assertThat(pace.untilItMayBegin(ACME)).isZero();
        pace.isOpenAgain(ACME);
        for (int i = 0; i < 100; i++) {
            assertThat(pace.untilItMayBegin(ACME)).isZero();
        }
    }

    @Test
    void anAnswerToAnEarlierCallDoesNotEndARest() {
        CompanyRateLimiter pace = pace(0);
        pace.rest(ACME, Duration.ofSeconds(60));

        pace.isOpenAgain(ACME);

        assertThat(pace.untilItMayBegin(ACME)).isEqualTo(Duration.ofSeconds(60));
    }

    @Test
    void companiesThatNeedNotWaitAreForgottenWhereThereAreMany() {
        CompanyRateLimiter pace = pace(1_000);
        for (int i = 0; i < 10_000; i++) {
            assertThat(turn(pace, "company-" + i)).isCompleted();
            pass(1);
        }

        assertThat(pace.companies()).isLessThan(2_100);
    }

    private static CompletableFuture<Void> turn(CompanyRateLimiter pace, String companyId) {
        return pace.turn(companyId, CompanyRateLimiter.LONGEST_WAIT);
    }

    private CompanyRateLimiter pace(int requestsPerSecond) {
        return new CompanyRateLimiter(requestsPerSecond, Runnable::run, now::get);
    }

    private void pass(long milliseconds) {
        now.addAndGet(MILLISECONDS.toNanos(milliseconds));
    }
}
