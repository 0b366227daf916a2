package org.keyrotation.model;

/** Why a request ended without a key. */
public enum FailureCode {
    /** The record is not a request: no JSON object in UTF-8, too large, a repeated field, a field of another type. */
    MALFORMED_REQUEST,

    /** A field of the request breaks its rule, or is missing. */
    INVALID_REQUEST,

    /** The last rotation is younger than {@code rotation.min-interval}, and the request does not say {@code force}. */
    ROTATED_RECENTLY,

    /** The API says that the credential is not active. Nothing was changed. */
    CREDENTIAL_INACTIVE,

    /** The API knows no such credential. Nothing was changed. */
    CREDENTIAL_NOT_FOUND,

    /** The credential of this service may not do this: it lacks the role, or the company is not its own. */
    FORBIDDEN,

    /** The API refused for another reason, which {@link RotationFailed#problem()} tells. */
    REJECTED,

    /** Tried until {@code rotation.retry.give-up-after} had gone by. The only one worth asking for again as it is. */
    GAVE_UP;

    /** Whether the same request may succeed when it is made again. */
    public boolean retryable() {
        return this == GAVE_UP;
    }
}
