package org.keyrotation.routes.ledger;

import org.keyrotation.model.CredentialId;

/**
 * Whoever wanted an entry written lost the right to it, or is being stopped, before it was acknowledged; or a later owner has
 * written another.
 */
final class LedgerWriteFencedException extends RuntimeException {

    LedgerWriteFencedException(CredentialId credential) {
        super(
                "The ledger's entry of " + credential
                        + " does not stand: it was not acknowledged in time, or a later owner has written another",
                null,
                false,
                false);
    }
}
