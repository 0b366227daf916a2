package org.keyrotation.model;

/**
 * The progress of a rotation request, as the ledger records it. The ledger does not record how a request ended: the topics of
 * keys, failures and satisfied requests do.
 */
public enum RequestState {
    /** The request is queued, in flight or deferred. */
    OPEN,
    /** The request ended, and a key exists that is newer than it. */
    ROTATED,
    /** A key exists that is newer than the request, which is still to end as satisfied, or ended too long ago. */
    SATISFIED,
    /** The request ended without a key, and no newer key exists; the failures topic holds the reason. */
    FAILED
}
