package org.keyrotation.routes.kafka;

import java.time.Duration;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** The policy that assigns records to groups, and decides when a record of a group may start. */
public interface StartPolicy {

    /** All records are one group, which is never throttled. */
    StartPolicy UNTHROTTLED = new StartPolicy() {
        @Override
        public String groupOf(ConsumerRecord<byte[], byte[]> consumerRecord) {
            return "";
        }

        @Override
        public Duration tryAcquireStart(String group) {
            return Duration.ZERO;
        }

        @Override
        public boolean needsPermit(InFlightRecord inFlight) {
            return false;
        }
    };

    /** Returns the record's group. The consumer shares its concurrency fairly between the groups. */
    String groupOf(ConsumerRecord<byte[], byte[]> consumerRecord);

    /**
     * Acquires the permit to start one record of this group.
     *
     * @return zero if the permit is acquired, otherwise how long to wait before the next attempt
     */
    Duration tryAcquireStart(String group);

    /** Whether this record has to wait while its group is throttled. Not called otherwise. */
    boolean needsPermit(InFlightRecord inFlight);
}
