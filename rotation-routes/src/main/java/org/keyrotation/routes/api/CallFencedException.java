package org.keyrotation.routes.api;

/** Whoever wanted the call lost the right to it before its first byte was sent. */
public final class CallFencedException extends RuntimeException {

    CallFencedException() {
        super("The call may not be made any more", null, false, false);
    }
}
