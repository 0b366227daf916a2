package org.keyrotation.routes.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** When a consumer may no longer take it for granted that it is in its group, by a clock and heartbeats moved by hand. */
class GroupLeaseTest {

    private static final Duration SESSION = Duration.ofSeconds(45);
    private static final Duration TICK = Duration.ofNanos(1);

    private long nanos = Long.MAX_VALUE - 10; // of System.nanoTime only differences mean anything
    private double answered;
    private final GroupLease lifeline = new GroupLease(SESSION, () -> answered, () -> nanos);

    @Test
    void itHoldsFromTheStart() {
        assertThat(lifeline.isValid()).isTrue();
    }

    @Test
    void itHoldsForExactlyASession() {
        pass(SESSION);

        assertThat(lifeline.isValid()).isTrue();
    }

    @Tag("I2")
    @Test
    @DisplayName("I2: it does not hold once more than a session has gone by without an answered heartbeat")
    void itDoesNotHoldOnceMoreThanASessionHasGoneBy() {
        pass(SESSION.plus(TICK));

        assertThat(lifeline.isValid()).isFalse();
    }

    @Test
    void aLookWithoutAnAnswerIsNoSignOfLife() {
        pass(SESSION);
        lifeline.renewOnHeartbeat();
        pass(TICK);
        lifeline.renewOnHeartbeat();

        assertThat(lifeline.isValid()).isFalse();
    }

    @Test
    void anAnswerIsNoSignOfLifeBeforeItIsLookedAt() {
        lifeline.renewOnHeartbeat();
        answered++;
        pass(SESSION.plus(TICK));

        assertThat(lifeline.isValid()).isFalse();
    }

    @Tag("I2")
    @Test
    @DisplayName("I2: an answer counts from when the one before was seen: its heartbeat may have been heard that early")
    void anAnswerCountsFromTheOneBefore() {
        pass(Duration.ofSeconds(10));
        answered++;
        lifeline.renewOnHeartbeat();
        pass(Duration.ofSeconds(20));
        lifeline.renewOnHeartbeat();
        answered++;
        lifeline.renewOnHeartbeat();

        pass(Duration.ofSeconds(25));
        assertThat(lifeline.isValid()).isTrue();
        pass(TICK);
        assertThat(lifeline.isValid()).isFalse();
    }

    @Test
    void anAnswerCountsOnce() {
        lifeline.renewOnHeartbeat();
        answered++;
        lifeline.renewOnHeartbeat();
        pass(SESSION);
        lifeline.renewOnHeartbeat();
        pass(TICK);

        assertThat(lifeline.isValid()).isFalse();
    }

    @Test
    void answersNowAndThenKeepItHolding() {
        for (int heartbeat = 0; heartbeat < 100; heartbeat++) {
            pass(Duration.ofSeconds(3));
            answered++;
            lifeline.renewOnHeartbeat();
            assertThat(lifeline.isValid()).isTrue();
        }
    }

    @Tag("I2")
    @Test
    @DisplayName("I2: after a long stop, a heartbeat that was answered since does not make it hold before a look")
    void afterALongStopAnAnswerAloneDoesNotMakeItHold() {
        lifeline.renewOnHeartbeat();
        pass(Duration.ofHours(1));
        answered++;

        assertThat(lifeline.isValid()).isFalse();
    }

    @Tag("I2")
    @Test
    @DisplayName("I2: after a long stop, the first look does not make it hold: the answer may be from before the stop")
    void afterALongStopTheFirstLookDoesNotMakeItHold() {
        lifeline.renewOnHeartbeat();
        answered++;
        pass(Duration.ofHours(1));
        lifeline.renewOnHeartbeat();

        assertThat(lifeline.isValid()).isFalse();
    }

    @Test
    void afterALongStopTheSecondAnswerMakesItHoldAgain() {
        pass(Duration.ofHours(1));
        answered++;
        lifeline.renewOnHeartbeat();
        answered++;
        lifeline.renewOnHeartbeat();

        assertThat(lifeline.isValid()).isTrue();
    }

    @Test
    void joiningMakesItHoldForAnotherSession() {
        pass(Duration.ofHours(1));
        lifeline.renew();

        pass(SESSION);
        assertThat(lifeline.isValid()).isTrue();
        pass(TICK);
        assertThat(lifeline.isValid()).isFalse();
    }

    @Test
    void anAnswerAfterJoiningCountsFromTheJoining() {
        lifeline.renewOnHeartbeat();
        pass(Duration.ofHours(1));
        lifeline.renew();
        answered++;
        lifeline.renewOnHeartbeat();

        assertThat(lifeline.isValid()).isTrue();
    }

    private void pass(Duration time) {
        nanos += time.toNanos();
    }
}
