package org.keyrotation.app.faults;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.keyrotation.model.CredentialId;
import org.keyrotation.model.FailureCode;

/**
 * A request that was sent, once or repeatedly.
 *
 * @param id identifies its outcome: the requestId, or the record's position without one
 * @param credential null if the request is malformed or invalid
 * @param expectedFailure the failure in which it must end; null if it must not fail
 */
record SentRequest(
        String id, @Nullable CredentialId credential, Instant requestedAt, @Nullable FailureCode expectedFailure) {

    static SentRequest of(String id, CredentialId credential, Instant requestedAt) {
        return new SentRequest(id, credential, requestedAt, null);
    }

    SentRequest failing(FailureCode code) {
        return new SentRequest(id, credential, requestedAt, code);
    }
}
