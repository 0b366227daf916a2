package org.keyrotation.routes.rotate;

import java.util.concurrent.CompletableFuture;
import org.keyrotation.model.CredentialId;
import org.keyrotation.routes.kafka.PartitionOwnership;
import org.keyrotation.routes.ledger.Ledger;
import org.keyrotation.routes.ledger.LedgerConflictException;
import org.keyrotation.routes.ledger.LedgerEntry;

/** The part of the ledger that a rotation reads and writes. */
interface LedgerAccess {

    /** Returns the current entry of this credential. */
    LedgerEntry entry(CredentialId credential);

    /**
     * Writes an entry that was made from the expected one. Completes with it when it is known to win; fails with a {@link
     * LedgerConflictException} if another one wins, and otherwise when the ownership is lost before.
     */
    CompletableFuture<LedgerEntry> compareAndSet(
            CredentialId credential, LedgerEntry expected, LedgerEntry update, PartitionOwnership ownership);

    static LedgerAccess of(Ledger ledger) {
        return new LedgerAccess() {
            @Override
            public LedgerEntry entry(CredentialId credential) {
                return ledger.entry(credential);
            }

            @Override
            public CompletableFuture<LedgerEntry> compareAndSet(
                    CredentialId credential, LedgerEntry expected, LedgerEntry update, PartitionOwnership ownership) {
                return ledger.compareAndSet(credential, expected, update, ownership);
            }
        };
    }
}
