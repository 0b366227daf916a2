package org.keyrotation.routes.intake;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/** One record in the {@link Window}, and guarded by it, but for its claim. */
final class Slot {

    enum State {
        POLLED,
        WAITING,
        RUNNING
    }

    private Taken taken;
    State state = State.POLLED;
    boolean ready;
    int failures;
    private volatile boolean withdrawn;

    Slot(ConsumerRecord<byte[], byte[]> message, int partitions, Lifeline lifeline) {
        this.taken = new Taken(message, partitions, () -> !withdrawn && lifeline.holds(), false);
    }

    Taken taken() {
        return taken;
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

    /** As the record's key has it; empty where there is none. */
    String company() {
        byte[] key = taken.message().key();
        String text = key == null ? "" : new String(key, ISO_8859_1);
        return text.substring(0, Math.max(0, text.indexOf('/')));
    }

    /** Too many of its company wait already. */
    void crowdOut() {
        taken = taken.crowdedOut();
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
