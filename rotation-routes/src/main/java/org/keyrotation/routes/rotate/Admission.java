package org.keyrotation.routes.rotate;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.keyrotation.routes.api.Pace;
import org.keyrotation.routes.ledger.Ledger;

/** When a request may be begun: what whoever takes requests in asks before. */
public final class Admission {

    private final Ledger ledger;
    private final Pace pace;
    private final Outcomes outcomes;

    Admission(Ledger ledger, Pace pace, Outcomes outcomes) {
        this.ledger = ledger;
        this.pace = pace;
        this.outcomes = outcomes;
    }

    /** Completes when the ledger is read to its end as of now. */
    public CompletableFuture<Void> ledgerCaughtUp() {
        return ledger.caughtUp();
    }

    /** Zero where something that calls this company may be begun now, and then it is taken to be; else how long to wait. */
    public Duration begin(String companyId) {
        return pace.begin(companyId);
    }

    /** Whether the API has to be called for it, as the ledger is now. */
    public boolean callsTheApi(Rotation rotation) {
        return outcomes.decided(rotation).outcome() == null;
    }
}
