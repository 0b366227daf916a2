package org.keyrotation.routes.kafka;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/** One record in the {@link InFlightRecords}, and the claim to it. All but the claim is guarded by the window. */
final class InFlightRecord implements PartitionOwnership {

    enum State {
        POLLED,
        WAITING,
        RUNNING
    }

    private static final int LONGEST_ID = 100;

    private final ConsumerRecord<byte[], byte[]> message;
    private final int partitions;
    private final int generation;
    private final GroupLease lifeline;
    private final Object chain;
    State state = State.POLLED;
    boolean ready;
    int failures;

    /** Its partition is being drained: it is not begun again. */
    boolean leaving;

    private volatile boolean withdrawn;

    /**
     * @param partitions of its topic
     * @param generation of the consumer's group, when it was polled
     */
    InFlightRecord(ConsumerRecord<byte[], byte[]> message, int partitions, int generation, GroupLease lifeline) {
        this.message = message;
        this.partitions = partitions;
        this.generation = generation;
        this.lifeline = lifeline;
        byte[] key = message.key();
        this.chain = key == null ? this : new String(key, ISO_8859_1);
    }

    Taken taken() {
        return new Taken(message, partitions, this);
    }

    @Override
    public boolean getAsBoolean() {
        return !withdrawn && lifeline.holds();
    }

    @Override
    public int generation() {
        return generation;
    }

    TopicPartition partition() {
        return new TopicPartition(message.topic(), message.partition());
    }

    long offset() {
        return message.offset();
    }

    /** Of its credential, where the record has a key at all. */
    Object chain() {
        return chain;
    }

    /** By its key, as a record that is at home has it; empty where that has none. */
    String company() {
        byte[] key = message.key();
        String text = key == null ? "" : new String(key, 0, Math.min(key.length, LONGEST_ID + 1), ISO_8859_1);
        return text.substring(0, Math.max(0, text.indexOf('/')));
    }

    int bytes() {
        int bytes = length(message.key()) + length(message.value());
        for (Header header : message.headers()) {
            bytes += header.key().length() + length(header.value());
        }
        return bytes;
    }

    private static int length(byte @Nullable [] part) {
        return part == null ? 0 : part.length;
    }

    void withdraw() {
        withdrawn = true;
    }

    boolean isWithdrawn() {
        return withdrawn;
    }

    @Override
    public String toString() {
        return partition() + "@" + offset();
    }
}
