package org.keyrotation.routes.rotate;

/** Somebody else may have this request by now: it is left to them, whatever was done of it. */
final class ClaimLostException extends RuntimeException {

    ClaimLostException() {
        super("The partition of this request is lost, or may be", null, false, false);
    }
}
