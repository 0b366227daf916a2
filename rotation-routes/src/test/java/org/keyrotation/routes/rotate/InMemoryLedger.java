package org.keyrotation.routes.rotate;

import java.util.concurrent.CompletableFuture;
import org.keyrotation.model.CredentialId;
import org.keyrotation.routes.kafka.PartitionOwnership;
import org.keyrotation.routes.ledger.LedgerEntry;

/** The ledger of one credential, which both instances see at once. */
final class InMemoryLedger implements LedgerAccess {

    private LedgerEntry entry = LedgerEntry.UNSEEN;

    @Override
    public LedgerEntry entry(CredentialId credential) {
        return entry;
    }

    LedgerEntry entry() {
        return entry;
    }

    /** Numbers the entry as the ledger does: the next revision, in the generation of its writer. */
    @Override
    public CompletableFuture<Void> write(CredentialId credential, LedgerEntry next, PartitionOwnership ownership) {
        entry = new LedgerEntry(
                next.revision() + 1,
                ownership.generation(),
                next.firstSeenAt(),
                next.lastRotationAt(),
                next.unfinished(),
                next.pendingFailures(),
                next.settled());
        return CompletableFuture.completedFuture(null);
    }
}
