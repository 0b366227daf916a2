package org.keyrotation.routes.kafka;

import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** When the records of a poll may be handled. */
@FunctionalInterface
public interface StartCondition {

    /** Asked once for each poll that brought records, just after it. */
    Function<ConsumerRecord<byte[], byte[]>, CompletableFuture<Void>> ofPoll();
}
