package org.keyrotation.routes.ledger;

import org.keyrotation.model.CredentialId;
import org.keyrotation.routes.kafka.ProcessAgainException;

/** Another entry was made from the same one and wins, by the order of the ledger topic. What was to be written must be decided anew. */
public final class LedgerConflictException extends ProcessAgainException {

    /** Creates the exception, without a stack trace. */
    public LedgerConflictException(CredentialId credential) {
        super("Another instance has changed the ledger entry of " + credential + " meanwhile: deciding anew");
    }
}
