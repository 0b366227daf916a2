package org.keyrotation.model;

/** The progress of a rotation request, as the ledger records it. */
public enum RequestState {
    /** The request is queued, in flight or deferred. */
    OPEN,
    /** A key exists that is newer than the request. */
    ROTATED,
    /** The request ended without a key; the failures topic holds the reason. */
    FAILED
}
