package org.keyrotation.routes.ledger;

import static com.fasterxml.jackson.annotation.JsonFormat.Feature.ACCEPT_SINGLE_VALUE_AS_ARRAY;
import static com.fasterxml.jackson.annotation.JsonFormat.Feature.WRITE_SINGLE_ELEM_ARRAYS_UNWRAPPED;

import com.fasterxml.jackson.annotation.JsonFormat;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A rotation that was started, and whose result is not known yet.
 *
 * @param requestId of the request that finishes it
 * @param idempotencyKey of all its calls
 * @param startedAt no later than the first call was sent
 * @param previousKeyFingerprint of the key that it replaces, or {@link #NO_KEY}; null if the credential was not read
 * @param takenOverFrom ids of the requests that had it before, the latest last. An older version writes a single one as text
 * @param holder the instance that may call the API, and leads the rotation to its end; null in an entry of an older version
 * @param leaseUntil until when it may call. Later, the next request takes the rotation over. Null without a holder
 */
public record UnfinishedRotation(
        String requestId,
        String idempotencyKey,
        Instant startedAt,
        @Nullable String previousKeyFingerprint,
        @JsonFormat(with = {ACCEPT_SINGLE_VALUE_AS_ARRAY, WRITE_SINGLE_ELEM_ARRAYS_UNWRAPPED}) @Nullable
                List<String> takenOverFrom,
        @Nullable String holder,
        @Nullable Instant leaseUntil) {

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
        takenOverFrom = takenOverFrom == null || takenOverFrom.isEmpty() ? null : List.copyOf(takenOverFrom);
    }

    /** The same rotation with a new lease. */
    public UnfinishedRotation leasedTo(String newHolder, Instant until) {
        return new UnfinishedRotation(
                requestId, idempotencyKey, startedAt, previousKeyFingerprint, takenOverFrom, newHolder, until);
    }

    /** The same rotation, taken over by another request that will finish it. */
    public UnfinishedRotation takenOverBy(String newRequestId) {
        if (requestId.equals(newRequestId)) {
            return this;
        }
        List<String> earlier = Stream.concat(earlierRequestIds().stream(), Stream.of(requestId))
                .toList();
        return new UnfinishedRotation(
                newRequestId, idempotencyKey, startedAt, previousKeyFingerprint, earlier, holder, leaseUntil);
    }

    /** The ids of the requests that had it before. */
    List<String> earlierRequestIds() {
        return takenOverFrom == null ? List.of() : takenOverFrom;
    }

    /** Whether both are one rotation, in the hands of one instance. */
    public boolean hasSameHolder(@Nullable UnfinishedRotation other) {
        return other != null && idempotencyKey.equals(other.idempotencyKey) && Objects.equals(holder, other.holder);
    }

    /** Omits the Idempotency-Key: another user of the account could read the replayed response with it. */
    @Override
    public String toString() {
        return "UnfinishedRotation[requestId=%s, startedAt=%s]".formatted(requestId, startedAt);
    }
}
