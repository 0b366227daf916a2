package org.keyrotation.routes.api;

import java.time.Duration;

/** A call that was not made, as its company is not to be called for too long yet. */
final class CompanyRestsException extends RuntimeException {

    private final Duration left;

    CompanyRestsException(String companyId, Duration left) {
        super(
                "Company %s is not to be called for another %d s: the API asked for that, or other calls come first"
                        .formatted(companyId, left.plusSeconds(1).toSeconds()),
                null,
                false,
                false);
        this.left = left;
    }

    Duration left() {
        return left;
    }
}
