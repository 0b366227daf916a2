package org.keyrotation.app.page;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.keyrotation.app.status.RelativeTime;

/**
 * A time as the page shows it.
 *
 * @param relative how far it is from now
 * @param absolute in UTC, with seconds
 */
record Moment(String relative, String absolute) {

    static Moment of(Instant time, Instant now) {
        return new Moment(RelativeTime.of(time, now), absolute(time));
    }

    static String absolute(Instant time) {
        return time.truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
