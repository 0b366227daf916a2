package org.keyrotation.routes.rotate;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.keyrotation.routes.api.CompanyRateLimiter;
import org.keyrotation.routes.ledger.Ledger;

/** Admission control: whether a rotation may start now, for the consumer that starts it. */
public final class AdmissionControl {

    private final Ledger ledger;
    private final CompanyRateLimiter rateLimiter;
    private final OutcomeMapper outcomes;

    AdmissionControl(Ledger ledger, CompanyRateLimiter rateLimiter, OutcomeMapper outcomes) {
        this.ledger = ledger;
        this.rateLimiter = rateLimiter;
        this.outcomes = outcomes;
    }

    /** Completes when the ledger is read to its end as of now, and members of this group may take decisions. */
    public CompletableFuture<Void> ledgerReadToEnd(String group) {
        return ledger.readToEndFor(group);
    }

    /**
     * Checks that the ledger is not known to be of another API.
     *
     * @throws IllegalStateException if it is
     */
    public void requireSameApi() {
        ledger.requireSameApi();
    }

    /** Acquires the permit to start a rotation of this company. Returns zero, or how long to wait before the next attempt. */
    public Duration tryAcquireStart(String companyId) {
        return rateLimiter.tryAcquireStart(companyId);
    }

    /** Whether the current ledger entry leaves a call of the API to do. */
    public boolean needsApiCall(Rotation rotation) {
        return outcomes.needsApiCall(rotation);
    }
}
