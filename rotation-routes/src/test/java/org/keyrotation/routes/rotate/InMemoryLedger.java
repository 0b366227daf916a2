package org.keyrotation.routes.rotate;

import java.util.concurrent.CompletableFuture;
import org.keyrotation.model.CredentialId;
import org.keyrotation.routes.kafka.PartitionOwnership;
import org.keyrotation.routes.ledger.LedgerConflictException;
import org.keyrotation.routes.ledger.LedgerEntry;
import org.keyrotation.routes.ledger.LedgerReplica;

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

    @Override
    public CompletableFuture<LedgerEntry> compareAndSet(
            CredentialId credential, LedgerEntry expected, LedgerEntry update, PartitionOwnership ownership) {
        if (!entry.equals(expected)) {
            return CompletableFuture.failedFuture(new LedgerConflictException(credential));
        }
        entry = LedgerReplica.written(update);
        return CompletableFuture.completedFuture(entry);
    }
}
