package org.keyrotation.routes.ledger;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.keyrotation.model.CredentialId;
import org.keyrotation.model.Json;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes entries, and does not give one up: what was done must not be forgotten. */
final class LedgerWriter implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Ledger.class);
    private static final long PAUSE_MS = 1_000;

    private final String topic;
    private final Entries entries;
    private final Supplier<Producer<byte[], byte[]>> producers;
    private @Nullable Producer<byte[], byte[]> producer;

    LedgerWriter(String topic, Entries entries, Supplier<Producer<byte[], byte[]>> producers) {
        this.topic = topic;
        this.entries = entries;
        this.producers = producers;
    }

    /** Returns once the entry is acknowledged, and then knows it itself. */
    void write(CredentialId credential, LedgerEntry entry, BooleanSupplier mayWrite, BooleanSupplier mayTryAgain)
            throws InterruptedException {
        byte[] json = json(entry);
        byte[] key = credential.toString().getBytes(UTF_8);
        boolean may = true;
        while (may && mayWrite.getAsBoolean()) {
            Producer<byte[], byte[]> current = producer();
            try {
                RecordMetadata written =
                        current.send(new ProducerRecord<>(topic, key, json)).get();
                if (!entries.put(credential.toString(), written.offset(), entry, json)) {
                    throw new NotWrittenException(credential); // somebody else goes on with it
                }
                return;
            } catch (ExecutionException | KafkaException e) {
                LOG.warn("The ledger's entry of {} is not acknowledged: {}", credential, e.toString());
                discard(current);
                may = mayTryAgain.getAsBoolean();
                Thread.sleep(may ? PAUSE_MS : 0);
            }
        }
        throw new NotWrittenException(credential);
    }

    /**
     * The same entry of each, in one go; not tried again. Returns once all are acknowledged. They are known once they are read,
     * behind whatever others wrote before them: of that they must not take the place.
     */
    void writeFirst(Collection<CredentialId> credentials, LedgerEntry entry) throws InterruptedException {
        byte[] json = json(entry);
        Producer<byte[], byte[]> current = producer();
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        try {
            for (CredentialId credential : credentials) {
                byte[] key = credential.toString().getBytes(UTF_8);
                sent.add(current.send(new ProducerRecord<>(topic, key, json)));
            }
            for (Future<RecordMetadata> each : sent) {
                each.get();
            }
        } catch (ExecutionException | KafkaException e) {
            discard(current);
            throw new IllegalStateException("The ledger's entries of new credentials are not acknowledged", e);
        }
    }

    /** Writes what is known once more, over a record that came too late; whoever sees that one does. */
    void restore(String credential) {
        byte[] json = entries.json(credential);
        if (json != null) {
            LOG.warn("The ledger has a late entry of {}, of an instance that was stopped: written over", credential);
            var unused = producer()
                    .send(new ProducerRecord<>(topic, credential.getBytes(UTF_8), json), (sent, failure) -> {
                        if (failure != null) {
                            entries.late(credential);
                        }
                    });
        }
    }

    private synchronized Producer<byte[], byte[]> producer() {
        if (producer == null) {
            producer = producers.get();
        }
        return producer;
    }

    /** What it still holds must not come late, and some of its errors are for good. */
    private synchronized void discard(Producer<byte[], byte[]> failed) {
        if (producer == failed) {
            producer = null;
            failed.close(Duration.ZERO);
        }
    }

    @Override
    public synchronized void close() {
        if (producer != null) {
            producer.close();
            producer = null;
        }
    }

    private static byte[] json(LedgerEntry entry) {
        try {
            return Json.mapper().writeValueAsBytes(entry);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a ledger entry that cannot be written", e);
        }
    }
}
