package org.keyrotation.model;

/** How far a request has come. */
public enum RequestState {
    /** It waits for its turn, is under way, or was deferred. */
    OPEN,
    /** There is a key that was generated after it was made. */
    ROTATED,
    /** It ended without a key; the reason is on the failures topic. */
    FAILED
}
