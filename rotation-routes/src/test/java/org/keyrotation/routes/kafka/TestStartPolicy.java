package org.keyrotation.routes.kafka;

import java.time.Duration;
import java.util.function.Function;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** Start policy of two functions. */
record TestStartPolicy(Function<String, Duration> tryAcquire, Predicate<InFlightRecord> permitNeeded)
        implements StartPolicy {

    /** Returns the flow of a record with this key. */
    static String flow(byte @Nullable [] key) {
        return UNTHROTTLED.flowOf(new ConsumerRecord<>("rotation.requests", 0, 0, key, new byte[0]));
    }

    @Override
    public Duration tryAcquireStart(String flow) {
        return tryAcquire.apply(flow);
    }

    @Override
    public boolean needsPermit(InFlightRecord inFlight) {
        return permitNeeded.test(inFlight);
    }
}
