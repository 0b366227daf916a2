package org.keyrotation.routes.ledger;

import java.time.Instant;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The failures of a credential in a row: those since its last key. The failures topic holds their reasons.
 *
 * @param inARow the number of failures, at least 1
 * @param requestId the id of the last request that failed
 * @param failedAt when it failed
 */
public record FailureStreak(int inARow, String requestId, Instant failedAt) {

    private static final Pattern REQUEST_ID = Pattern.compile("[ -~]{1,100}");

    /** @throws IllegalArgumentException if the count or the id is invalid: both are shown */
    public FailureStreak {
        if (inARow < 1) {
            throw new IllegalArgumentException("inARow: invalid value, expected 1 or more");
        }
        if (!REQUEST_ID.matcher(Objects.requireNonNull(requestId, "requestId")).matches()) {
            throw new IllegalArgumentException("requestId: invalid value, expected printable ASCII characters");
        }
        Objects.requireNonNull(failedAt, "failedAt");
    }

    static FailureStreak next(@Nullable FailureStreak before, String requestId, Instant failedAt) {
        int inARow = before == null ? 0 : before.inARow;
        return new FailureStreak(inARow == Integer.MAX_VALUE ? inARow : inARow + 1, requestId, failedAt);
    }
}
