package org.keyrotation.routes.schedule;

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
final class SpreadSlots {

    private final MaintenanceWindow window;
    private final long spread;

    SpreadSlots(MaintenanceWindow window, Duration spread) {
        this.window = window;
        this.spread = spread.toMillis();
    }

    /** When it is due. */
    Instant first(CredentialId credential, Instant ready) {
        return window.plus(ready, Duration.ofMillis(place(credential, 0)));
    }

    /** Whether one of its turns came no later than now, and within that open time before it. Without a spread, one always has. */
    boolean hasOne(CredentialId credential, Instant ready, Duration within, Instant now) {
        if (spread == 0) {
            return true;
        }
        long to = window.openBetween(ready, now).toMillis();
        long from = Math.max(-1, to - within.toMillis() - 1);
        for (long turn = Math.max(0, from) / spread; turn * spread <= to; turn++) {
            long at = turn * spread + place(credential, turn);
            if (at > from && at <= to) {
                return true;
            }
        }
        return false;
    }

    private long place(CredentialId credential, long turn) {
        UUID hash = UUID.nameUUIDFromBytes((credential + "#" + turn).getBytes(UTF_8));
        return Math.floorMod(hash.getMostSignificantBits(), Math.max(1, spread));
    }
}
