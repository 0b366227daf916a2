package org.keyrotation.routes.api;

/** A call that was asked for is not to be made any more: the one thing that is thrown rather than told as an answer. */
public abstract class CallWithdrawnException extends RuntimeException {

    private static final long serialVersionUID = 1;

    protected CallWithdrawnException(String message) {
        super(message, null, false, false);
    }
}
