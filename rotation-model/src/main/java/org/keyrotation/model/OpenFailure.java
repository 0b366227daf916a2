package org.keyrotation.model;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A failure that no key has followed: a {@link RotationFailed}, and how many failures in a row it is the last of.
 *
 * @param requestId the id of the request; null if it could not be read
 * @param companyId the company account of the request; null if it could not be read
 * @param apiCredentialId the API credential of the request; null if it could not be read
 * @param code why the request failed; null if the failures topic does not hold the failure any more, like all fields but the
 *     ids, failedAt and inARow
 * @param detail what happened, for a person to read
 * @param retryable whether the same request may succeed if it is sent again unchanged
 * @param attempts the number of calls to {@code generateClientKey}
 * @param failedAt when the request ended
 * @param reason why the rotation was requested
 * @param requestedBy the person or system that requested the rotation
 * @param requestedAt the time of the request
 * @param forced whether the request was forced
 * @param problem the API's error response; null if there was none
 * @param source the Kafka record in which the request first arrived; null if it did not come from Kafka
 * @param originalRequest the text of a malformed or invalid request
 * @param inARow the number of failures of the credential since its last key
 */
public record OpenFailure(
        @Nullable String requestId,
        @Nullable String companyId,
        @Nullable String apiCredentialId,
        @Nullable FailureCode code,
        @Nullable String detail,
        @Nullable Boolean retryable,
        @Nullable Integer attempts,
        Instant failedAt,
        @Nullable String reason,
        @Nullable String requestedBy,
        @Nullable Instant requestedAt,
        @Nullable Boolean forced,
        @Nullable ApiProblem problem,
        @Nullable RequestSource source,
        @Nullable String originalRequest,
        int inARow) {

    /** The failure of this event. */
    public static OpenFailure of(RotationFailed event, int inARow) {
        return new OpenFailure(
                event.requestId(),
                event.companyId(),
                event.apiCredentialId(),
                event.code(),
                event.detail(),
                event.retryable(),
                event.attempts(),
                event.failedAt(),
                event.reason(),
                event.requestedBy(),
                event.requestedAt(),
                event.forced(),
                event.problem(),
                event.source(),
                event.originalRequest(),
                inARow);
    }

    /** A failure whose event the failures topic does not hold any more. */
    public static OpenFailure withoutEvent(CredentialId credential, String requestId, Instant failedAt, int inARow) {
        return new OpenFailure(
                requestId,
                credential.companyId(),
                credential.apiCredentialId(),
                null,
                null,
                null,
                null,
                failedAt,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                inARow);
    }

    /** The credential; null if the request could not be read. */
    public @Nullable CredentialId credential() {
        return companyId == null || apiCredentialId == null ? null : new CredentialId(companyId, apiCredentialId);
    }
}
