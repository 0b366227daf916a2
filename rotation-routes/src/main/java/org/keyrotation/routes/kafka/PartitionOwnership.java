package org.keyrotation.routes.kafka;

import java.util.concurrent.CompletableFuture;

/**
 * The right to act for a record. An instance loses it together with the record's partition, or as soon as it may have lost
 * the partition without noticing; the new owner processes the record then.
 */
@FunctionalInterface
public interface PartitionOwnership {

    /** The ownership of a request that an application made itself, and that is on no partition. */
    PartitionOwnership UNFENCED = () -> true;

    /** Whether this instance may still act for the record. Safe on any thread. */
    boolean isHeld();

    /**
     * Completes when the action may be done now, and fails with an {@link OwnershipLostException} if the ownership is lost.
     *
     * @param action what is to be done, for the message
     */
    default CompletableFuture<Void> confirmHeld(String action) {
        return isHeld()
                ? CompletableFuture.completedFuture(null)
                : CompletableFuture.failedFuture(new OwnershipLostException(action));
    }
}
