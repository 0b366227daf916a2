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
        assertThat(lifeline.holds()).isTrue();
    }

    @Test
    void itHoldsForExactlyASession() {
        pass(SESSION);

        assertThat(lifeline.holds()).isTrue();
    }

    @Tag("I2")
    @Test
    @DisplayName("I2: it does not hold once more than a session has gone by without an answered heartbeat")
    void itDoesNotHoldOnceMoreThanASessionHasGoneBy() {
        pass(SESSION.plus(TICK));

        assertThat(lifeline.holds()).isFalse();
    }

    @Test
    void aLookWithoutAnAnswerIsNoSignOfLife() {
        pass(SESSION);
        lifeline.look();
        pass(TICK);
        lifeline.look();

        assertThat(lifeline.holds()).isFalse();
    }

    @Test
    void anAnswerIsNoSignOfLifeBeforeItIsLookedAt() {
        lifeline.look();
        answered++;
        pass(SESSION.plus(TICK));

        assertThat(lifeline.holds()).isFalse();
    }

    @Tag("I2")
    @Test
    @DisplayName("I2: an answer counts from when the one before was seen: its heartbeat may have been heard that early")
    void anAnswerCountsFromTheOneBefore() {
        pass(Duration.ofSeconds(10));
        answered++;
        lifeline.look();
        pass(Duration.ofSeconds(20));
        lifeline.look();
        answered++;
        lifeline.look();

        pass(Duration.ofSeconds(25));
        assertThat(lifeline.holds()).isTrue();
        pass(TICK);
        assertThat(lifeline.holds()).isFalse();
    }

    @Test
    void anAnswerCountsOnce() {
        lifeline.look();
        answered++;
        lifeline.look();
        pass(SESSION);
        lifeline.look();
        pass(TICK);

        assertThat(lifeline.holds()).isFalse();
    }

    @Test
    void answersNowAndThenKeepItHolding() {
        for (int heartbeat = 0; heartbeat < 100; heartbeat++) {
            pass(Duration.ofSeconds(3));
            answered++;
            lifeline.look();
            assertThat(lifeline.holds()).isTrue();
        }
    }

    @Tag("I2")
    @Test
    @DisplayName("I2: after a long stop, a heartbeat that was answered since does not make it hold before a look")
    void afterALongStopAnAnswerAloneDoesNotMakeItHold() {
        lifeline.look();
        pass(Duration.ofHours(1));
        answered++;

        assertThat(lifeline.holds()).isFalse();
    }

    @Tag("I2")
    @Test
    @DisplayName("I2: after a long stop, the first look does not make it hold: the answer may be from before the stop")
    void afterALongStopTheFirstLookDoesNotMakeItHold() {
        lifeline.look();
        answered++;
        pass(Duration.ofHours(1));
        lifeline.look();

        assertThat(lifeline.holds()).isFalse();
    }

    @Test
    void afterALongStopTheSecondAnswerMakesItHoldAgain() {
        pass(Duration.ofHours(1));
        answered++;
        lifeline.look();
        answered++;
        lifeline.look();

        assertThat(lifeline.holds()).isTrue();
    }

    @Test
    void joiningMakesItHoldForAnotherSession() {
        pass(Duration.ofHours(1));
        lifeline.joined();

        pass(SESSION);
        assertThat(lifeline.holds()).isTrue();
        pass(TICK);
        assertThat(lifeline.holds()).isFalse();
    }

    @Test
    void anAnswerAfterJoiningCountsFromTheJoining() {
        lifeline.look();
        pass(Duration.ofHours(1));
        lifeline.joined();
        answered++;
        lifeline.look();

        assertThat(lifeline.holds()).isTrue();
    }

    private void pass(Duration time) {
        nanos += time.toNanos();
    }
}
