package org.keyrotation.app.status;

import java.time.Duration;
import java.time.Instant;

/** Tells how far a time is from now, in one unit. */
public final class RelativeTime {

    private static final Duration HOURS_UNTIL = Duration.ofDays(2);

    private RelativeTime() {}

    /** Returns a text such as {@code 4 h ago} or {@code in 3 days}. */
    public static String of(Instant time, Instant now) {
        Duration distance = Duration.between(time, now);
        return distance.isNegative() ? "in " + text(distance.negated()) : text(distance) + " ago";
    }

    private static String text(Duration distance) {
        if (distance.compareTo(Duration.ofMinutes(1)) < 0) {
            return distance.toSeconds() + " s";
        }
        if (distance.compareTo(Duration.ofHours(1)) < 0) {
            return distance.toMinutes() + " min";
        }
        return distance.compareTo(HOURS_UNTIL) < 0 ? distance.toHours() + " h" : distance.toDays() + " days";
    }
}
