package org.keyrotation.routes.ledger;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.keyrotation.model.CredentialId;
import org.keyrotation.model.Json;
import org.keyrotation.routes.camel.ThreadPools;
import org.keyrotation.routes.kafka.SendThreadSelector;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes entries, and does not give one up: what was done must not be forgotten. */
final class LedgerWriter implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Ledger.class);
    private static final long PAUSE_MS = 1_000;

    private final String topic;
    private final LedgerTable entries;
    private final Supplier<Producer<byte[], byte[]>> producers;
    private final ThreadPools threads;
    private final SendThreadSelector flow;
    private volatile @Nullable Producer<byte[], byte[]> producer;
    private boolean closed;

    LedgerWriter(String topic, LedgerTable entries, Supplier<Producer<byte[], byte[]>> producers, ThreadPools threads) {
        this.topic = topic;
        this.entries = entries;
        this.producers = producers;
        this.threads = threads;
        this.flow = new SendThreadSelector(threads);
    }

    /** Completes once the entry is acknowledged, which is then known here too. */
    CompletableFuture<Void> write(
            CredentialId credential, LedgerEntry entry, BooleanSupplier mayWrite, BooleanSupplier mayTryAgain) {
        return new Writing(credential, entry, json(entry), mayWrite, mayTryAgain).write();
    }

    private static CompletableFuture<RecordMetadata> send(
            Producer<byte[], byte[]> producer, ProducerRecord<byte[], byte[]> message) {
        CompletableFuture<RecordMetadata> acknowledged = new CompletableFuture<>();
        try {
            var unused = producer.send(message, (written, failure) -> {
                if (failure == null) {
                    acknowledged.complete(written);
                } else {
                    acknowledged.completeExceptionally(failure);
                }
            });
        } catch (KafkaException | IllegalStateException e) { // the latter where another has just discarded it
            acknowledged.completeExceptionally(e);
        }
        return acknowledged;
    }

    /** Of one entry. */
    private final class Writing {

        private final CredentialId credential;
        private final LedgerEntry entry;
        private final byte[] json;
        private final BooleanSupplier mayWrite;
        private final BooleanSupplier mayTryAgain;

        Writing(
                CredentialId credential,
                LedgerEntry entry,
                byte[] json,
                BooleanSupplier mayWrite,
                BooleanSupplier mayTryAgain) {
            this.credential = credential;
            this.entry = entry;
            this.json = json;
            this.mayWrite = mayWrite;
            this.mayTryAgain = mayTryAgain;
        }

        CompletableFuture<Void> write() {
            return acknowledged().thenComposeAsync(this::known, threads.routing());
        }

        private CompletableFuture<Boolean> acknowledged() {
            return CompletableFuture.<Void>completedFuture(null)
                    .thenComposeAsync(whereItMayBlock -> acknowledgedIfItMayBeWritten(), flow);
        }

        private CompletableFuture<Boolean> acknowledgedIfItMayBeWritten() {
            if (!mayWrite.getAsBoolean()) {
                return CompletableFuture.failedFuture(new LedgerWriteFencedException(credential));
            }
            Producer<byte[], byte[]> current = producer();
            byte[] key = credential.toString().getBytes(UTF_8);
            return send(current, new ProducerRecord<>(topic, key, json))
                    .thenApply(written -> know(current, written))
                    .exceptionallyComposeAsync(failure -> tryAgain(current, failure), threads.blocking());
        }

        /** At once, on the producer's thread: so that the reader need not read it again. Returns whether it stands. */
        private boolean know(Producer<byte[], byte[]> used, RecordMetadata written) {
            if (used == producer) {
                flow.markAcknowledged();
            }
            return entries.put(credential.toString(), written.offset(), entry, json);
        }

        private CompletableFuture<Boolean> tryAgain(Producer<byte[], byte[]> used, Throwable failure) {
            LOG.warn("The ledger's entry of {} is not acknowledged: {}", credential, failure.toString());
            discard(used);
            return mayTryAgain.getAsBoolean()
                    ? new CompletableFuture<Void>()
                            .completeOnTimeout(null, PAUSE_MS, TimeUnit.MILLISECONDS)
                            .thenComposeAsync(waited -> acknowledgedIfItMayBeWritten(), threads.blocking())
                    : CompletableFuture.failedFuture(new LedgerWriteFencedException(credential));
        }

        private CompletableFuture<Void> known(boolean stands) {
            return stands
                    ? CompletableFuture.completedFuture(null)
                    : CompletableFuture.failedFuture(
                            new LedgerWriteFencedException(credential)); // another goes on with it
        }
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
        if (closed) {
            throw new IllegalStateException("The ledger is closed");
        }
        Producer<byte[], byte[]> current = producer;
        if (current == null) {
            current = producers.get();
            producer = current;
        }
        return current;
    }

    /** What it still holds must not come late, and some of its errors are for good. */
    private synchronized void discard(Producer<byte[], byte[]> failed) {
        if (producer == failed) {
            producer = null;
            flow.reset();
            failed.close(Duration.ZERO);
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        Producer<byte[], byte[]> current = producer;
        if (current != null) {
            current.close();
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
