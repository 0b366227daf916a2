package org.keyrotation.routes.api;

/**
 * Signals that the caller lost its partition, or its lease of the rotation, before the API call was sent. The API did not
 * receive the call, and another instance may make it.
 */
public final class CallFencedException extends RuntimeException {

    CallFencedException() {
        super(
                "Partition ownership, or the lease of the rotation, lost before the API call was sent",
                null,
                false,
                false);
    }
}
