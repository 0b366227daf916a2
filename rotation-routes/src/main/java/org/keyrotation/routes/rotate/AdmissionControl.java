package org.keyrotation.routes.rotate;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.keyrotation.routes.api.CompanyRateLimiter;
import org.keyrotation.routes.ledger.Ledger;

/** What whoever takes requests in asks before one is begun. */
public final class AdmissionControl {

    private final Ledger ledger;
    private final CompanyRateLimiter pace;
    private final OutcomeMapper outcomes;

    AdmissionControl(Ledger ledger, CompanyRateLimiter pace, OutcomeMapper outcomes) {
        this.ledger = ledger;
        this.pace = pace;
        this.outcomes = outcomes;
    }

    /** Completes when the ledger is read to its end as of now. */
    public CompletableFuture<Void> ledgerCaughtUp() {
        return ledger.readToEnd();
    }

    /** Zero where something that calls this company may be begun now, and then it is taken to be; else how long to wait. */
    public Duration untilItMayBegin(String companyId) {
        return pace.tryAcquireStart(companyId);
    }

    /** Whether the API has to be called for it, as the ledger is now. */
    public boolean callsTheApi(Rotation rotation) {
        return outcomes.decided(rotation).outcome() == null;
    }
}
