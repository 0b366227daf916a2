package org.keyrotation.routes.intake;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/** One record in the {@link Window}. All but its claim is guarded by the window. */
final class Slot {

    enum State {
        POLLED,
        WAITING,
        RUNNING
    }

    final Taken taken;
    State state = State.POLLED;
    boolean ready;
    int failures;
    private volatile boolean withdrawn;

    Slot(ConsumerRecord<byte[], byte[]> message, int partitions, Lifeline lifeline) {
        this.taken = new Taken(message, partitions, () -> !withdrawn && lifeline.holds());
    }

    TopicPartition partition() {
        return new TopicPartition(taken.message().topic(), taken.message().partition());
    }

    long offset() {
        return taken.message().offset();
    }

    /** Of its credential, where the record has a key at all. */
    Object chain() {
        byte[] key = taken.message().key();
        return key == null ? this : new String(key, ISO_8859_1);
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
