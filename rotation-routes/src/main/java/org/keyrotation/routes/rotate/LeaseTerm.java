package org.keyrotation.routes.rotate;

import java.time.Duration;
import org.keyrotation.routes.api.ApiSettings;

/**
 * How long an instance holds a started rotation for itself.
 *
 * @param callWindow the time from before the lease was written in which a call may be sent. A call that has waited for half of
 *     it renews the lease
 * @param callTimeout the longest duration of a call
 */
record LeaseTerm(Duration callWindow, Duration callTimeout) {

    /** The clocks of two instances may differ by this much. */
    static final Duration CLOCK_TOLERANCE = Duration.ofSeconds(5);

    static LeaseTerm of(ApiSettings api) {
        Duration callTimeout = api.connectTimeout().plus(api.responseTimeout());
        return new LeaseTerm(callTimeout, callTimeout);
    }

    /** The time in which all calls have ended, by the clock of the holder. */
    Duration calls() {
        return callWindow.plus(callTimeout);
    }

    /** The time after which another instance takes the rotation over. */
    Duration total() {
        return calls().plus(CLOCK_TOLERANCE);
    }
}
