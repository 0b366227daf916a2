package org.keyrotation.routes.api;

import java.time.Duration;

/** A call that was not made, as its company is not to be called for too long yet. */
final class RateLimitExceededException extends RuntimeException {

    private final Duration left;

    RateLimitExceededException(String reason, Duration left) {
        super(reason, null, false, false);
        this.left = left;
    }

    Duration left() {
        return left;
    }
}
