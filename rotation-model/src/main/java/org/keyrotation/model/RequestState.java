package org.keyrotation.model;

/** The progress of a rotation request, as the ledger records it. */
public enum RequestState {
    /** The request is queued, in flight or deferred. */
    OPEN,
    /** The request ended, and a key exists that is newer than it. */
    ROTATED,
    /** A key exists that is newer than the request; another request has rotated it. */
    SATISFIED,
    /** The request ended without a key; the failures topic holds the reason. */
    FAILED
}
