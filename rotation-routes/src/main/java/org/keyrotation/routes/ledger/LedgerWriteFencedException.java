package org.keyrotation.routes.ledger;

import org.keyrotation.model.CredentialId;

/**
 * The writer of an entry lost its partition, or the context stopped, before the entry was acknowledged; or a newer entry of
 * the new partition owner wins.
 */
final class LedgerWriteFencedException extends RuntimeException {

    LedgerWriteFencedException(CredentialId credential) {
        super(
                "Ledger write fenced for " + credential
                        + ": the entry was not acknowledged in time, or a newer entry of another partition owner wins",
                null,
                false,
                false);
    }
}
