package org.keyrotation.routes.schedule;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.keyrotation.model.CredentialId;

/**
 * Slots that spread the rotations of a fleet over time. Durations count only the time in which the window is open.
 *
 * <ul>
 *   <li>A credential that is ready for rotation has one slot in each spread period. The slot's offset is a hash of the
 *       credential and the number of the period, so every instance computes the same slots.
 *   <li>The credential is due at its first slot.
 *   <li>A credential whose slot was missed, since no instance was running, waits for its next one. So a fleet is spread out
 *       after a long stop, too.
 *   <li>The offset differs from period to period. So a daily stop at the same hour does not miss the same credentials.
 * </ul>
 */
final class SpreadSlots {

    private final MaintenanceWindow window;
    private final long spread;

    SpreadSlots(MaintenanceWindow window, Duration spread) {
        this.window = window;
        this.spread = spread.toMillis();
    }

    /** Returns the first slot at or after {@code ready}: when the credential is due. */
    Instant first(CredentialId credential, Instant ready) {
        return window.plus(ready, Duration.ofMillis(offset(credential, 0)));
    }

    /** Whether one of its slots lies in this much open time before now. Without a spread, it is always true. */
    boolean hasSlotWithin(CredentialId credential, Instant ready, Duration lookBack, Instant now) {
        if (spread == 0) {
            return true;
        }
        long to = window.openBetween(ready, now).toMillis();
        long from = Math.max(-1, to - lookBack.toMillis() - 1);
        for (long period = Math.max(0, from) / spread; period * spread <= to; period++) {
            long slot = period * spread + offset(credential, period);
            if (slot > from && slot <= to) {
                return true;
            }
        }
        return false;
    }

    private long offset(CredentialId credential, long period) {
        UUID hash = UUID.nameUUIDFromBytes((credential + "#" + period).getBytes(UTF_8));
        return Math.floorMod(hash.getMostSignificantBits(), Math.max(1, spread));
    }
}
