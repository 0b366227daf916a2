package org.keyrotation.routes.api;

/** The caller lost its partition before the first byte of the call was sent: the call was not made. */
public final class CallFencedException extends RuntimeException {

    CallFencedException() {
        super("Partition ownership lost before the API call was sent", null, false, false);
    }
}
