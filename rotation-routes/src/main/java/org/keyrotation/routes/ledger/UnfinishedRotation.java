package org.keyrotation.routes.ledger;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A rotation that was begun, and of which it is not known yet how it ended.
 *
 * @param requestId of the request that began it
 * @param idempotencyKey of each of its calls
 * @param startedAt no later than its first call was sent
 * @param previousKeyFingerprint of the key that it replaces; null where that was not read
 */
public record UnfinishedRotation(
        String requestId, String idempotencyKey, Instant startedAt, @Nullable String previousKeyFingerprint) {

    /** Without the Idempotency-Key: who knows it can read the API's answer. */
    @Override
    public String toString() {
        return "UnfinishedRotation[requestId=%s, startedAt=%s]".formatted(requestId, startedAt);
    }
}
