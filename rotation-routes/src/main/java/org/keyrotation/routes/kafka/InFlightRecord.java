package org.keyrotation.routes.kafka;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * A polled record whose offset cannot be committed yet, and the ownership of its partition. {@link InFlightRecords} guards
 * its mutable state, except the ownership.
 */
public final class InFlightRecord implements PartitionOwnership {

    enum State {
        POLLED,
        QUEUED,
        IN_FLIGHT
    }

    private final ConsumerRecord<byte[], byte[]> consumerRecord;
    private final String flow;
    private final int partitionCount;
    private final GroupLease lease;
    private final Object orderingKey;
    State state = State.POLLED;
    boolean isReady;
    int failures;

    /** A draining record is not started again: its partition is about to be revoked. */
    boolean isDraining;

    private volatile boolean revoked;

    /**
     * @param flow the flow of {@link StartPolicy} that the record belongs to
     * @param partitionCount the number of partitions of its topic
     */
    InFlightRecord(ConsumerRecord<byte[], byte[]> consumerRecord, String flow, int partitionCount, GroupLease lease) {
        this.consumerRecord = consumerRecord;
        this.flow = flow;
        this.partitionCount = partitionCount;
        this.lease = lease;
        byte[] key = consumerRecord.key();
        this.orderingKey = key == null ? this : new String(key, ISO_8859_1);
    }

    public ConsumerRecord<byte[], byte[]> consumerRecord() {
        return consumerRecord;
    }

    /** Returns the number of partitions of the record's topic. */
    public int partitionCount() {
        return partitionCount;
    }

    @Override
    public boolean isHeld() {
        return !revoked && lease.isValid();
    }

    TopicPartition partition() {
        return new TopicPartition(consumerRecord.topic(), consumerRecord.partition());
    }

    long offset() {
        return consumerRecord.offset();
    }

    /** Records with the same ordering key are processed one after the other. A record without a key has its own. */
    Object orderingKey() {
        return orderingKey;
    }

    String flow() {
        return flow;
    }

    int sizeInBytes() {
        int bytes = length(consumerRecord.key()) + length(consumerRecord.value());
        for (Header header : consumerRecord.headers()) {
            bytes += header.key().length() + length(header.value());
        }
        return bytes;
    }

    private static int length(byte @Nullable [] part) {
        return part == null ? 0 : part.length;
    }

    void revoke() {
        revoked = true;
    }

    boolean isRevoked() {
        return revoked;
    }

    /** Returns topic, partition and offset, never content. */
    @Override
    public String toString() {
        return partition() + "@" + offset();
    }
}
