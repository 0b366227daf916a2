package org.keyrotation.routes.api;

import java.time.Duration;

/** The API asked for longer than a thread is kept waiting that this company be left alone. */
final class CompanyRestsException extends Exception {

    private static final long serialVersionUID = 1;

    private final transient Duration left;

    CompanyRestsException(String companyId, Duration left) {
        super("Not called: a 429 asked to leave company " + companyId + " alone", null, false, false);
        this.left = left;
    }

    Duration left() {
        return left;
    }
}
