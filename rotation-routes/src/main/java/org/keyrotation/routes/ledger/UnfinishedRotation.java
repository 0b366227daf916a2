package org.keyrotation.routes.ledger;

import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A rotation that was begun, and of which it is not known yet how it ended.
 *
 * @param requestId of the request that is to bring it to its end
 * @param idempotencyKey of each of its calls
 * @param startedAt no later than its first call was sent
 * @param previousKeyFingerprint of the key that it replaces; null where that was not read
 * @param takenOverFrom the request that had it before, where that abandoned it
 * @param takenOverAt when that was
 */
public record UnfinishedRotation(
        String requestId,
        String idempotencyKey,
        Instant startedAt,
        @Nullable String previousKeyFingerprint,
        @Nullable String takenOverFrom,
        @Nullable Instant takenOverAt) {

    /** Refuses one that could not be resumed. */
    public UnfinishedRotation {
        Objects.requireNonNull(requestId, "requestId");
        Objects.requireNonNull(idempotencyKey, "idempotencyKey");
        Objects.requireNonNull(startedAt, "startedAt");
    }

    /** The same rotation, in the name of the request that brings it to its end. */
    public UnfinishedRotation takenOverBy(String newRequestId, Instant now) {
        return new UnfinishedRotation(newRequestId, idempotencyKey, startedAt, previousKeyFingerprint, requestId, now);
    }

    /** Since when the request has it that has it now. */
    public Instant heldSince() {
        return takenOverAt == null ? startedAt : takenOverAt;
    }

    /** Without the Idempotency-Key: who knows it can read the API's answer. */
    @Override
    public String toString() {
        return "UnfinishedRotation[requestId=%s, startedAt=%s]".formatted(requestId, startedAt);
    }
}
