package org.keyrotation.sandbox;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One rotation that the simulated API really carried out.
 *
 * @param usableFrom when the new key begins to work
 * @param previousKeyExpiresAt when the key before it stops working
 * @param idempotencyKey as the call had it
 */
public record Generation(
        String clientKey,
        Instant generatedAt,
        Instant usableFrom,
        Instant previousKeyExpiresAt,
        @Nullable String idempotencyKey) {

    private static final Duration OVERLAP = Duration.ofHours(24);

    static Generation at(Instant now, Duration activationDelay, String clientKey, @Nullable String idempotencyKey) {
        return new Generation(clientKey, now, now.plus(activationDelay), now.plus(OVERLAP), idempotencyKey);
    }
}
