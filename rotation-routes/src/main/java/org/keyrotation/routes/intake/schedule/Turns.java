package org.keyrotation.routes.intake.schedule;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.keyrotation.model.CredentialId;

/**
 * Credentials that are ready for a new key have turns to get it: one in each spread, at a place in it that the credential and
 * the number of the turn make, the same in every instance. The first turn is when it is due. Whoever missed it, because
 * nobody was there, waits for the next: so that a fleet is spread out after a long stop as well, and a stop at the same hour
 * each day does not hit the same ones each day. All counts in the window's open time.
 */
final class Turns {

    /** Of those that have no place in a spread. */
    private static final Duration PERIOD_WITHOUT_SPREAD = Duration.ofDays(1);

    private final MaintenanceWindow window;
    private final long spread;
    private final long period;

    Turns(MaintenanceWindow window, Duration spread) {
        this.window = window;
        this.spread = spread.toMillis();
        this.period = (spread.isZero() ? PERIOD_WITHOUT_SPREAD : spread).toMillis();
    }

    /** When it is due. */
    Instant first(CredentialId credential, Instant ready) {
        return window.plus(ready, Duration.ofMillis(place(credential, 0)));
    }

    /** Whether one of its turns came after the one moment, and no later than the other. */
    boolean hasOne(CredentialId credential, Instant ready, Instant after, Instant until) {
        long from = openSince(ready, after);
        long to = openSince(ready, until);
        for (long turn = Math.max(0, from) / period; turn * period <= to; turn++) {
            long at = turn * period + place(credential, turn);
            if (at > from && at <= to) {
                return true;
            }
        }
        return false;
    }

    private long openSince(Instant ready, Instant at) {
        return at.isBefore(ready) ? -1 : window.openBetween(ready, at).toMillis();
    }

    private long place(CredentialId credential, long turn) {
        UUID hash = UUID.nameUUIDFromBytes((credential + "#" + turn).getBytes(UTF_8));
        return spread == 0 ? 0 : Math.floorMod(hash.getMostSignificantBits(), spread);
    }
}
