package org.keyrotation.routes.ledger;

import org.keyrotation.model.CredentialId;

/** Whoever wanted an entry written lost the right to it, or is being stopped, before it was acknowledged. */
final class NotWrittenException extends RuntimeException {

    NotWrittenException(CredentialId credential) {
        super("The ledger's entry of " + credential + " was not acknowledged in time", null, false, false);
    }
}
