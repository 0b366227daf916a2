package org.keyrotation.app.page;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.keyrotation.model.CredentialStatus;

/**
 * Both keys of the last rotation as bars on a time axis. Positions are in percent of its width.
 *
 * @param usableX where the new key begins to work
 * @param nowX where now is; null if it is behind the end of the axis
 * @param description the same in words
 */
record KeyAxis(
        double usableX,
        @Nullable Double nowX,
        Moment rotatedAt,
        Moment usableFrom,
        Moment expiresAt,
        String description) {

    /** Where the previous key stops working. A part of the axis is behind it. */
    static final int EXPIRES_X = 80;

    private static final int WIDTH = 100;

    /** A label in the first part of the axis begins at its position, a later one ends there. */
    private static final int FIRST_PART = 50;

    /** Returns null if the ledger does not know these times. */
    static @Nullable KeyAxis of(CredentialStatus status, Instant now) {
        Instant rotatedAt = status.lastRotationAt();
        Instant usableFrom = status.usableFrom();
        Instant expiresAt = status.previousKeyExpiresAt();
        if (rotatedAt == null || usableFrom == null || expiresAt == null || !rotatedAt.isBefore(expiresAt)) {
            return null;
        }
        double length = Duration.between(rotatedAt, expiresAt).toMillis() * (double) WIDTH / EXPIRES_X;
        Moment usable = Moment.of(usableFrom, now);
        Moment expires = Moment.of(expiresAt, now);
        double nowX = x(rotatedAt, now, length);
        return new KeyAxis(
                Math.min(x(rotatedAt, usableFrom, length), WIDTH),
                nowX > WIDTH ? null : nowX,
                Moment.of(rotatedAt, now),
                usable,
                expires,
                "The new key %s %s. The previous key %s %s."
                        .formatted(
                                now.isBefore(usableFrom) ? "works" : "began to work",
                                usable.relative(),
                                now.isBefore(expiresAt) ? "expires" : "expired",
                                expires.relative()));
    }

    String nowAnchor() {
        return nowX != null && nowX < FIRST_PART ? "start" : "end";
    }

    private static double x(Instant start, Instant at, double length) {
        return Math.max(0, Math.round(10.0 * WIDTH * Duration.between(start, at).toMillis() / length) / 10.0);
    }
}
