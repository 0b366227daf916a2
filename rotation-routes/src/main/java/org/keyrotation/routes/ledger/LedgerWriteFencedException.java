package org.keyrotation.routes.ledger;

import org.keyrotation.model.CredentialId;

/** The writer of an entry lost its partition, or the context stopped, before the entry was acknowledged and read. */
final class LedgerWriteFencedException extends RuntimeException {

    LedgerWriteFencedException(CredentialId credential) {
        super(
                "Ledger write fenced for " + credential
                        + ": its partition was lost, or the context stopped, before the entry was acknowledged and read",
                null,
                false,
                false);
    }
}
