package org.keyrotation.routes.kafka;

/** The ownership of a partition is lost before an action. The new owner processes the record. */
public final class OwnershipLostException extends IllegalStateException {

    /** @param action what was to be done, for the message */
    OwnershipLostException(String action) {
        super("Partition ownership lost before " + action);
    }
}
