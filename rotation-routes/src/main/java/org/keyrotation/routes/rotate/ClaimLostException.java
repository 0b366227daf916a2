package org.keyrotation.routes.rotate;

import org.keyrotation.routes.api.CallWithdrawnException;

/** Somebody else may have this request by now: it is left to them, whatever was done of it. */
final class ClaimLostException extends CallWithdrawnException {

    private static final long serialVersionUID = 1;

    ClaimLostException() {
        super("The partition of this request is lost, or may be");
    }
}
