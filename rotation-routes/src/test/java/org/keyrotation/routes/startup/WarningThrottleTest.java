package org.keyrotation.routes.startup;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The throttle on a clock that the test moves. */
class WarningThrottleTest {

    private long now;
    private final WarningThrottle throttle = new WarningThrottle(() -> now);

    @Test
    void reasonIsDueOnceItHasLastedTwoSecondsAndEachMinuteFromThenOn() {
        assertThat(throttle.isDue("brokers")).isFalse();
        assertThat(after(Duration.ofSeconds(2), "brokers")).isTrue();
        assertThat(after(Duration.ofSeconds(59), "brokers")).isFalse();
        assertThat(after(Duration.ofSeconds(1), "brokers")).isTrue();
    }

    @Test
    void anotherReasonIsDueOnceItHasLastedToo() {
        after(Duration.ZERO, "brokers");
        after(Duration.ofSeconds(2), "brokers");

        assertThat(after(Duration.ofSeconds(1), "topics")).isFalse();
        assertThat(after(Duration.ofSeconds(2), "topics")).isTrue();
    }

    @Test
    void reasonThatChangesAllTheTimeIsDueEachMinute() {
        long due = IntStream.rangeClosed(0, 180)
                .filter(second -> after(Duration.ofSeconds(1), second % 2 == 0 ? "brokers" : "topics"))
                .count();

        assertThat(due).isEqualTo(3);
    }

    @Test
    void numbersInAReasonDoNotCount() {
        throttle.isDue("Call(callName=describeTopics, deadlineMs=1764437000000) timed out");

        assertThat(after(Duration.ofSeconds(2), "Call(callName=describeTopics, deadlineMs=1764437002000) timed out"))
                .isTrue();
    }

    @Test
    void endSaysHowLongItLastedIfItWasWarnedOf() {
        throttle.isDue("brokers");
        assertThat(throttle.end()).isNull();

        after(Duration.ZERO, "brokers");
        after(Duration.ofSeconds(90), "brokers");
        assertThat(throttle.end()).isEqualTo(Duration.ofSeconds(90));
        assertThat(throttle.end()).isNull();
    }

    private boolean after(Duration duration, String reason) {
        now += duration.toNanos();
        return throttle.isDue(reason);
    }
}
