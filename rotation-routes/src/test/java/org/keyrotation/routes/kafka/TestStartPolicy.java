package org.keyrotation.routes.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.function.Function;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** Start policy of two functions; the flow is the part of the key before the slash. */
record TestStartPolicy(Function<String, Duration> tryAcquire, Predicate<InFlightRecord> permitNeeded)
        implements StartPolicy {

    static String flow(byte @Nullable [] key) {
        String text = key == null ? "" : new String(key, UTF_8);
        return text.substring(0, Math.max(0, text.indexOf('/')));
    }

    @Override
    public String flowOf(ConsumerRecord<byte[], byte[]> consumerRecord) {
        return flow(consumerRecord.key());
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
