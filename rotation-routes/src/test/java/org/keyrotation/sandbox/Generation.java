package org.keyrotation.sandbox;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One rotation that the simulated API executed.
 *
 * @param usableFrom when the new key starts working
 * @param previousKeyExpiresAt when the previous key stops working
 * @param idempotencyKey header of the call; null if a person generated the key
 */
public record Generation(
        String clientKey,
        Instant generatedAt,
        Instant usableFrom,
        Instant previousKeyExpiresAt,
        @Nullable String idempotencyKey) {

    private static final Duration OVERLAP = Duration.ofHours(24);

    /** Whether a person generated the key: each call of the service has an Idempotency-Key. */
    public boolean isByHand() {
        return idempotencyKey == null;
    }

    static Generation at(Instant now, Duration activationDelay, String clientKey, @Nullable String idempotencyKey) {
        return new Generation(clientKey, now, now.plus(activationDelay), now.plus(OVERLAP), idempotencyKey);
    }
}
