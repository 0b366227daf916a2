package org.keyrotation.routes.kafka;

import java.time.Duration;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** The policy that assigns records to flows, and decides when a record of a flow may start. */
public interface StartPolicy {

    /** All records are one flow, which is never throttled. */
    StartPolicy UNTHROTTLED = new StartPolicy() {
        @Override
        public String flowOf(ConsumerRecord<byte[], byte[]> consumerRecord) {
            return "";
        }

        @Override
        public Duration tryAcquireStart(String flow) {
            return Duration.ZERO;
        }

        @Override
        public boolean needsPermit(InFlightRecord inFlight) {
            return false;
        }
    };

    /** Returns the record's flow. The consumer shares its concurrency fairly between the flows. */
    String flowOf(ConsumerRecord<byte[], byte[]> consumerRecord);

    /**
     * Acquires the permit to start one record of this flow.
     *
     * @return zero if the permit is acquired, otherwise how long to wait before the next attempt
     */
    Duration tryAcquireStart(String flow);

    /** Whether this record has to wait while its flow is throttled. Not called otherwise. */
    boolean needsPermit(InFlightRecord inFlight);
}
