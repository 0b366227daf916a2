package org.keyrotation.model;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The status of one credential, derived from the topics. It holds fingerprints, never a key.
 *
 * @param companyId the company account that owns the credential
 * @param apiCredentialId the id of the credential in the Management API
 * @param state the first of the states that applies
 * @param since when the state began; null if that is not known
 * @param keyFingerprint the fingerprint of the current key; null if the ledger does not know it
 * @param previousKeyFingerprint the fingerprint of the key before; null if the ledger does not know it
 * @param lastRotationAt the start of the last rotation; null if the credential was never rotated here
 * @param usableFrom from when the current key works; null if the ledger does not know it
 * @param previousKeyExpiresAt until when the key before works; null if the ledger does not know it
 * @param open the request that has no outcome yet, or null
 * @param lastFailure the last failure, if no key has followed; otherwise null
 * @param adoption how each expected consumer stands with the current key; null if adoption is not followed
 */
public record CredentialStatus(
        String companyId,
        String apiCredentialId,
        State state,
        @Nullable Instant since,
        @Nullable String keyFingerprint,
        @Nullable String previousKeyFingerprint,
        @Nullable Instant lastRotationAt,
        @Nullable Instant usableFrom,
        @Nullable Instant previousKeyExpiresAt,
        @Nullable Open open,
        @Nullable Failure lastFailure,
        @Nullable List<Adoption> adoption) {

    /** The state of a credential, in the order in which credentials are listed. */
    public enum State {
        /** The API has a key that was rotated by hand. */
        DRIFTED,
        /** Less than half of the overlap is left, and a consumer has not adopted the key. */
        UNADOPTED,
        /** The last request ended in a failure, and no key followed. */
        FAILED,
        /** The key has been due for rotation for more than a day. */
        OVERDUE,
        /** A rotation is started, or a request is queued or deferred. */
        ROTATING,
        /** The new key does not work yet. */
        ACTIVATING,
        /** Both the new key and the key before work. */
        OVERLAP,
        /** The key is due for rotation by the schedule. */
        DUE,
        /** The key was rotated, and nothing is to be done. */
        FRESH,
        /** The credential was never rotated here. */
        UNKNOWN
    }

    /**
     * A request that has no outcome yet.
     *
     * @param requestId the id of the request
     * @param requestedAt the time of the request
     * @param deferrals how often it was deferred
     * @param lastError the reason of its last deferral; null if it was never deferred
     */
    public record Open(String requestId, Instant requestedAt, int deferrals, @Nullable String lastError) {}

    /**
     * A failure that no key has followed.
     *
     * @param requestId the id of the request
     * @param code why the request failed; null if the failures topic does not hold the failure any more
     * @param detail what happened, for a person to read; null if the failures topic does not hold the failure any more
     * @param failedAt when the request ended
     * @param inARow the number of failures since the last key
     */
    public record Failure(
            String requestId, @Nullable FailureCode code, @Nullable String detail, Instant failedAt, int inARow) {}

    /**
     * How a consumer stands with the current key.
     *
     * @param consumer the name of the consumer
     * @param state whether the consumer has the key
     * @param at when the state was reached; null of a key that is pending or received
     */
    public record Adoption(String consumer, AdoptionState state, @Nullable Instant at) {}

    /** Whether a consumer has the current key. */
    public enum AdoptionState {
        /** Nothing is known of it. */
        PENDING,
        /** Its consumer group has committed an offset behind the key. */
        RECEIVED,
        /** It has acknowledged the key. */
        ADOPTED,
        /** The previous key stopped working first. */
        MISSED
    }

    /** The credential. */
    public CredentialId credential() {
        return new CredentialId(companyId, apiCredentialId);
    }
}
