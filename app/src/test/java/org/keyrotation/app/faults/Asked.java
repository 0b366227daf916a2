package org.keyrotation.app.faults;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.keyrotation.model.CredentialId;
import org.keyrotation.model.FailureCode;

/**
 * A request that was made, be it once or more often.
 *
 * @param id what its outcome is known by: its requestId, or the place of its record where it has none
 * @param credential null where it cannot be read
 * @param planned the failure that it must end in; null where it must not fail
 */
record Asked(String id, @Nullable CredentialId credential, Instant requestedAt, @Nullable FailureCode planned) {

    static Asked of(String id, CredentialId credential, Instant requestedAt) {
        return new Asked(id, credential, requestedAt, null);
    }

    Asked failing(FailureCode code) {
        return new Asked(id, credential, requestedAt, code);
    }
}
