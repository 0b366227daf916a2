package org.keyrotation.routes.ledger;

/**
 * The ledger is of another API. The test and the live API have the same names of companies and credentials, so that one's
 * rotations would be taken for the other's.
 */
public final class OtherApiException extends IllegalStateException {

    private static final long serialVersionUID = 1;

    OtherApiException(String message) {
        super(message);
    }
}
