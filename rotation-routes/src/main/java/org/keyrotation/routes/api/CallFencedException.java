package org.keyrotation.routes.api;

/**
 * Signals that the caller lost its partition before the API call was sent. The API did not receive the call, and the new
 * partition owner may make it.
 */
public final class CallFencedException extends RuntimeException {

    CallFencedException() {
        super("Partition ownership lost before the API call was sent", null, false, false);
    }
}
