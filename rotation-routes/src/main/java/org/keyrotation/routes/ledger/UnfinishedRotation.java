package org.keyrotation.routes.ledger;

import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A rotation that was started, and whose result is not known yet.
 *
 * @param requestId of the request that finishes it
 * @param idempotencyKey of all its calls
 * @param startedAt no later than the first call was sent
 * @param previousKeyFingerprint of the key that it replaces, or {@link #NO_KEY}; null if the credential was not read
 * @param takenOverFrom id of the request that abandoned it, or null
 * @param takenOverAt when the current request took it over, or null
 */
public record UnfinishedRotation(
        String requestId,
        String idempotencyKey,
        Instant startedAt,
        @Nullable String previousKeyFingerprint,
        @Nullable String takenOverFrom,
        @Nullable Instant takenOverAt) {

    /**
     * The fingerprint of the empty text, which no key has: the credential was read and had no key. An instance of an older
     * version compares it with the current key, as it must.
     */
    public static final String NO_KEY = "sha256:e3b0c44298fc1c14";

    /** Requires the fields without which the rotation could not be resumed. */
    public UnfinishedRotation {
        Objects.requireNonNull(requestId, "requestId");
        Objects.requireNonNull(idempotencyKey, "idempotencyKey");
        Objects.requireNonNull(startedAt, "startedAt");
    }

    /** The same rotation, taken over by another request that will finish it. */
    public UnfinishedRotation takenOverBy(String newRequestId, Instant now) {
        return new UnfinishedRotation(newRequestId, idempotencyKey, startedAt, previousKeyFingerprint, requestId, now);
    }

    /** When the current request took the rotation over, or started it. */
    public Instant heldSince() {
        return takenOverAt == null ? startedAt : takenOverAt;
    }

    /** Omits the Idempotency-Key: another user of the account could read the replayed response with it. */
    @Override
    public String toString() {
        return "UnfinishedRotation[requestId=%s, startedAt=%s]".formatted(requestId, startedAt);
    }
}
