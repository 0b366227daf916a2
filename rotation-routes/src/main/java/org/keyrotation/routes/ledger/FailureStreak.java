package org.keyrotation.routes.ledger;

import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The failures of a credential in a row: those since its last key. The failures topic holds their reasons.
 *
 * @param inARow the number of failures, at least 1
 * @param requestId the id of the last request that failed
 * @param failedAt when it failed
 */
public record FailureStreak(int inARow, String requestId, Instant failedAt) {

    /** Requires the fields that every failure in the ledger has. */
    public FailureStreak {
        Objects.requireNonNull(requestId, "requestId");
        Objects.requireNonNull(failedAt, "failedAt");
    }

    static FailureStreak next(@Nullable FailureStreak before, String requestId, Instant failedAt) {
        return new FailureStreak(before == null ? 1 : before.inARow + 1, requestId, failedAt);
    }
}
