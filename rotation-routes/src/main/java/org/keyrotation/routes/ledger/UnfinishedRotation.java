package org.keyrotation.routes.ledger;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.keyrotation.model.RotationRequest;

/**
 * A rotation that was started, and whose result is not known yet.
 *
 * @param requestId of the request that its key is published for; the only trace of it that older versions read
 * @param idempotencyKey of all its calls
 * @param startedAt no later than the first call was sent
 * @param previousKeyFingerprint of the key that it replaces, or {@link #NO_KEY}; null if the credential was not read
 * @param takenOverFrom id of an earlier request, in an entry of an older version; else null
 * @param holder the instance that may call the API, and leads the rotation to its end; null in an entry of an older version
 * @param leaseUntil until when it may call. Later, the next request takes the rotation over. Null without a holder
 * @param request the request that its key is published for; null in an entry of an older version
 * @param byHand whether a person has made the call: the key is published, and no call is made
 */
public record UnfinishedRotation(
        String requestId,
        String idempotencyKey,
        Instant startedAt,
        @Nullable String previousKeyFingerprint,
        @Nullable String takenOverFrom,
        @Nullable String holder,
        @Nullable Instant leaseUntil,
        @Nullable RotationRequest request,
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean byHand) {

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

    /** The rotation of a request, which no instance holds yet. */
    public static UnfinishedRotation started(
            RotationRequest request, String idempotencyKey, Instant now, @Nullable String previousKeyFingerprint) {
        return new UnfinishedRotation(
                requestId(request), idempotencyKey, now, previousKeyFingerprint, null, null, null, request, false);
    }

    /** The rotation that a person has made after this time. */
    public static UnfinishedRotation byHand(
            RotationRequest request, String unusedIdempotencyKey, Instant after, String previousKeyFingerprint) {
        return new UnfinishedRotation(
                requestId(request),
                unusedIdempotencyKey,
                after,
                previousKeyFingerprint,
                null,
                null,
                null,
                request,
                true);
    }

    /**
     * Whether the publication of a key that a person has generated was cut short. Nothing is lost with it: the next tick finds the
     * key again.
     */
    public boolean isAbandonedByHand(Instant now) {
        return byHand
                && leaseUntil != null
                && (leaseUntil.isBefore(now) || LedgerEntry.isOfAClockSetBack(leaseUntil, now));
    }

    /** The same rotation with a new lease. */
    public UnfinishedRotation leasedTo(String newHolder, Instant until) {
        return new UnfinishedRotation(
                requestId,
                idempotencyKey,
                startedAt,
                previousKeyFingerprint,
                takenOverFrom,
                newHolder,
                until,
                request,
                byHand);
    }

    /** The same rotation, whose key is published for this request. */
    UnfinishedRotation of(RotationRequest newRequest) {
        return restarted(newRequest, startedAt);
    }

    /** The same rotation as that of another request, which knows that it was not executed before this time. */
    public UnfinishedRotation restarted(RotationRequest newRequest, Instant notExecutedBefore) {
        return new UnfinishedRotation(
                requestId(newRequest),
                idempotencyKey,
                notExecutedBefore,
                previousKeyFingerprint,
                takenOverFrom,
                holder,
                leaseUntil,
                newRequest,
                byHand);
    }

    private static String requestId(RotationRequest request) {
        return Objects.requireNonNull(request.requestId(), "requestId");
    }

    /** Whether both are one rotation, in the hands of one instance. */
    boolean hasSameHolder(UnfinishedRotation other) {
        return idempotencyKey.equals(other.idempotencyKey) && Objects.equals(holder, other.holder);
    }

    /** Omits the Idempotency-Key: another user of the account could read the replayed response with it. */
    @Override
    public String toString() {
        return "UnfinishedRotation[requestId=%s, startedAt=%s]".formatted(requestId, startedAt);
    }
}
