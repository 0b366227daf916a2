package org.keyrotation.model;

/** The reason why a request ended without a key. */
public enum FailureCode {
    /** The record is not one JSON object in UTF-8, is too large, repeats a field, or has a field of the wrong type. */
    MALFORMED_REQUEST,

    /** A field of the request is invalid, or a required field is missing. */
    INVALID_REQUEST,

    /** The last rotation is younger than {@code rotation.min-interval}, and the request is not forced. */
    ROTATED_RECENTLY,

    /** The API reports the credential as inactive. No key was generated. */
    CREDENTIAL_INACTIVE,

    /** The API itself does not know the credential: its 404 has an errorCode. No key was generated. */
    CREDENTIAL_NOT_FOUND,

    /** The service may not rotate this credential: its own API credential lacks the role or is of another company. */
    FORBIDDEN,

    /** The API rejected the call for another reason; {@link RotationFailed#problem()} holds the API's error, if any. */
    REJECTED,

    /** The service retried until {@code rotation.retry.give-up-after} had passed. The only code that is retryable. */
    GAVE_UP;

    /** Whether the same request may succeed if it is sent again unchanged. */
    public boolean retryable() {
        return this == GAVE_UP;
    }
}
