package org.keyrotation.app.status;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RelativeTimeTest {

    private static final Instant NOW = Instant.parse("2026-11-23T07:00:00Z");

    @ParameterizedTest
    @CsvSource({
        "PT0S, 0 s ago",
        "PT59.9S, 59 s ago",
        "PT1M, 1 min ago",
        "PT59M59S, 59 min ago",
        "PT1H, 1 h ago",
        "PT47H59M, 47 h ago",
        "PT48H, 2 days ago",
        "P400D, 400 days ago",
        "-PT1S, in 1 s",
        "-PT23H30M, in 23 h",
        "-P90D, in 90 days"
    })
    void aTimeIsShownInTheUnitThatSaysMost(Duration ago, String text) {
        assertThat(RelativeTime.of(NOW.minus(ago), NOW)).isEqualTo(text);
    }
}
