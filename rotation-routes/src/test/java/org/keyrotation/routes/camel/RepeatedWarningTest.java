package org.keyrotation.routes.camel;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.slf4j.event.Level;

class RepeatedWarningTest {

    private long now = Long.MAX_VALUE - 1; // System.nanoTime() may overflow
    private final RepeatedWarning warning = new RepeatedWarning(() -> now);

    @Test
    void firstOfAMinuteIsAWarning() {
        assertThat(IntStream.range(0, 121).mapToObj(second -> {
                    Level level = warning.level(new IllegalStateException());
                    now += Duration.ofSeconds(1).toNanos();
                    return level == Level.WARN ? second : -1;
                }))
                .filteredOn(second -> second >= 0)
                .containsExactly(0, 60, 120);
    }

    @Test
    void failureOfAnotherKindIsAWarningToo() {
        warning.level(new IllegalStateException());

        assertThat(warning.level(new IllegalArgumentException())).isEqualTo(Level.WARN);
        assertThat(warning.level(new IllegalStateException())).isEqualTo(Level.DEBUG);
    }
}
