package org.keyrotation.routes.kafka;

import java.util.function.BooleanSupplier;

/**
 * The right to act for a request. It is lost with the partition that the request came from, or when this instance may have
 * lost that without knowing; another one has the request then.
 */
@FunctionalInterface
public interface PartitionOwnership extends BooleanSupplier {

    /** Of a request that an application made itself: nobody else has it. */
    PartitionOwnership OF_THE_CALLER = () -> true;

    /** Of the consumer group, when the request was taken; later owners have later ones. 0 where no group was asked. */
    default int generation() {
        return 0;
    }

    /** Whether it is still held. */
    @Override
    boolean getAsBoolean();
}
