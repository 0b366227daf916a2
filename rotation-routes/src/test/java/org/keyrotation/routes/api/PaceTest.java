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
class PaceTest {

    private static final String ACME = "AcmeCorp";
    private static final String OTHER = "OtherCorp";

    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 1_000); // it overflows, as System.nanoTime() may

    @Test
    void withoutALimitNothingIsPutOff() {
        Pace pace = pace(0);

        for (int i = 0; i < 1_000; i++) {
            assertThat(pace.begin(ACME)).isZero();
            assertThat(pace.turn(ACME)).isCompleted();
        }
    }

    @Test
    void withALimitOneBeginsAfterTheOtherAtEvenDistances() {
        Pace pace = pace(10);
        assertThat(pace.begin(ACME)).isZero();

        assertThat(pace.begin(ACME)).isEqualTo(Duration.ofMillis(100));
        pass(99);
        assertThat(pace.begin(ACME)).isEqualTo(Duration.ofMillis(1));
        pass(1);
        assertThat(pace.begin(ACME)).isZero();
        assertThat(pace.begin(ACME)).isPositive();
    }

    @Test
    void whatWasNotUsedMakesNoBurst() {
        Pace pace = pace(10);
        assertThat(pace.begin(ACME)).isZero();
        pass(3_600_000);

        assertThat(pace.begin(ACME)).isZero();
        assertThat(pace.begin(ACME)).isPositive();
        assertThat(pace.turn(ACME)).isCompleted();
        assertThat(pace.turn(ACME)).isNotCompleted();
    }

    @Test
    void nothingIsBegunWhileCallsWaitForTheirTurn() {
        Pace pace = pace(10);
        assertThat(pace.turn(ACME)).isCompleted();
        assertThat(pace.turn(ACME)).isNotCompleted();

        assertThat(pace.begin(ACME)).isEqualTo(Duration.ofMillis(200));
    }

    @Test
    void aCallWaitsForItsTurn() {
        Pace pace = pace(100);
        assertThat(pace.turn(ACME)).isCompleted();

        CompletableFuture<Void> second = pace.turn(ACME);

        assertThat(second).isNotCompleted();
        await().until(second::isDone);
    }

    @Test
    void aCallDoesNotWaitForATurnThatIsFarAway() {
        Pace pace = pace(1);
        for (int i = 0; i <= 5; i++) {
            assertThat(pace.turn(ACME)).isNotCompletedExceptionally();
        }

        assertThatThrownBy(() -> pace.turn(ACME))
                .isInstanceOfSatisfying(CompanyRestsException.class, rests -> assertThat(rests.left())
                        .isEqualTo(Duration.ofSeconds(6)));
        pass(1_000);
        assertThat(pace.turn(ACME)).as("it has kept no turn").isNotCompletedExceptionally();
    }

    @Test
    void aCompanyDoesNotUseUpTheTurnsOfAnother() {
        Pace pace = pace(10);

        assertThat(pace.begin(ACME)).isZero();
        assertThat(pace.begin(OTHER)).isZero();
    }

    @Test
    void aRestIsTheCompanysAloneAndIsOverAfterItsTime() {
        Pace pace = pace(0);

        pace.rest(ACME, Duration.ofSeconds(60));

        assertThat(pace.begin(ACME)).isEqualTo(Duration.ofSeconds(60));
        assertThatThrownBy(() -> pace.turn(ACME)).isInstanceOf(CompanyRestsException.class);
        assertThat(pace.begin(OTHER)).isZero();
        assertThat(pace.turn(OTHER)).isCompleted();
        pass(60_000);
        assertThat(pace.begin(ACME)).isZero();
        assertThat(pace.turn(ACME)).isCompleted();
    }

    @Test
    void aRestThatIsAskedForLaterDoesNotMakeItShorter() {
        Pace pace = pace(0);

        pace.rest(ACME, Duration.ofSeconds(2));
        pace.rest(ACME, Duration.ofSeconds(1));

        assertThat(pace.begin(ACME)).isEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void somebodyAsksAgainAfterTenMinutesWhateverTheApiSaid() {
        Pace pace = pace(0);

        pace.rest(ACME, Duration.ofDays(9_999));

        assertThat(pace.begin(ACME)).isEqualTo(Duration.ofMinutes(10));
    }

    @Test
    void whoWaitsForItsTurnWaitsForARestThatBeganMeanwhileToo() {
        Pace pace = pace(100);
        assertThat(pace.turn(ACME)).isCompleted();
        CompletableFuture<Void> waits = pace.turn(ACME);

        pace.rest(ACME, Duration.ofMinutes(1));

        await().until(waits::isDone);
        assertThat(waits).isCompletedExceptionally();
    }

    @Test
    void companiesThatNeedNotWaitAreForgottenWhereThereAreMany() {
        Pace pace = pace(10);
        for (int i = 0; i < 10_000; i++) {
            assertThat(pace.turn("company-" + i)).isCompleted();
            pass(1);
        }

        assertThat(pace.companies()).isLessThan(1_200);
    }

    private Pace pace(int requestsPerSecond) {
        return new Pace(requestsPerSecond, Runnable::run, now::get);
    }

    private void pass(long milliseconds) {
        now.addAndGet(MILLISECONDS.toNanos(milliseconds));
    }
}
