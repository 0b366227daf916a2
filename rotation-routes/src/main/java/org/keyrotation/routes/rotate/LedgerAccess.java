package org.keyrotation.routes.rotate;

import java.util.concurrent.CompletableFuture;
import org.keyrotation.model.CredentialId;
import org.keyrotation.routes.kafka.PartitionOwnership;
import org.keyrotation.routes.ledger.Ledger;
import org.keyrotation.routes.ledger.LedgerEntry;

/** The part of the ledger that a rotation reads and writes. */
interface LedgerAccess {

    /** Returns the current entry of this credential. */
    LedgerEntry entry(CredentialId credential);

    /** Completes when the entry is acknowledged. Fails when the ownership is lost before. */
    CompletableFuture<Void> write(CredentialId credential, LedgerEntry entry, PartitionOwnership ownership);

    static LedgerAccess of(Ledger ledger) {
        return new LedgerAccess() {
            @Override
            public LedgerEntry entry(CredentialId credential) {
                return ledger.entry(credential);
            }

            @Override
            public CompletableFuture<Void> write(
                    CredentialId credential, LedgerEntry entry, PartitionOwnership ownership) {
                return ledger.write(credential, entry, ownership);
            }
        };
    }
}
