package org.keyrotation.routes.kafka;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.time.Duration;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** The policy that assigns records to flows, and decides when a record of a flow may start. */
public interface StartPolicy {

    /** The length of the longest name of a flow, in bytes of the key. */
    int MAX_FLOW_LENGTH = 100;

    /** No flow is throttled. */
    StartPolicy UNTHROTTLED = new StartPolicy() {
        @Override
        public Duration tryAcquireStart(String flow) {
            return Duration.ZERO;
        }

        @Override
        public boolean needsPermit(InFlightRecord inFlight) {
            return false;
        }
    };

    /**
     * Returns the record's flow. The consumer shares its concurrency fairly between the flows. The default is the part of the
     * key before the first slash, or an empty name.
     */
    default String flowOf(ConsumerRecord<byte[], byte[]> consumerRecord) {
        byte[] key = consumerRecord.key();
        String text = key == null ? "" : new String(key, 0, Math.min(key.length, MAX_FLOW_LENGTH + 1), ISO_8859_1);
        return text.substring(0, Math.max(0, text.indexOf('/')));
    }

    /**
     * Acquires the permit to start one record of this flow.
     *
     * @return zero if the permit is acquired, otherwise how long to wait before the next attempt
     */
    Duration tryAcquireStart(String flow);

    /** Whether this record has to wait while its flow is throttled. Not called otherwise. */
    boolean needsPermit(InFlightRecord inFlight);
}
