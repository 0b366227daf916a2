package org.keyrotation.routes.kafka;

import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** The condition under which the records of a poll may start. */
@FunctionalInterface
public interface StartCondition {

    /** Returns the future of each record. Called once for each poll that returned records, after the poll. */
    Function<ConsumerRecord<byte[], byte[]>, CompletableFuture<Void>> afterPoll();
}
