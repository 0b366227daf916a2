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
import org.keyrotation.routes.camel.RepeatedWarning;
import org.keyrotation.routes.camel.ThreadPools;
import org.keyrotation.routes.kafka.PartitionOwnership;
import org.keyrotation.routes.kafka.SendThreadSelector;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes entries to the ledger topic. It retries each until it is acknowledged, so that no rotation is forgotten. */
final class LedgerWriter implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LedgerWriter.class);
    private static final long RETRY_BACKOFF_MS = 1_000;

    private final String topic;
    private final LedgerTable table;
    private final Supplier<Producer<byte[], byte[]>> producers;
    private final ThreadPools pools;
    private final SendThreadSelector sendThread;
    private final RepeatedWarning unacknowledged = new RepeatedWarning();
    private volatile @Nullable Producer<byte[], byte[]> producer;
    private boolean closed;

    LedgerWriter(String topic, LedgerTable table, Supplier<Producer<byte[], byte[]>> producers, ThreadPools pools) {
        this.topic = topic;
        this.table = table;
        this.producers = producers;
        this.pools = pools;
        this.sendThread = new SendThreadSelector(pools);
    }

    /** Completes when the entry is acknowledged, and in the table. */
    CompletableFuture<Void> write(
            CredentialId credential, LedgerEntry entry, PartitionOwnership ownership, BooleanSupplier mayRetry) {
        return new Write(credential, entry, json(entry), ownership, mayRetry).start();
    }

    private static CompletableFuture<RecordMetadata> send(
            Producer<byte[], byte[]> producer, ProducerRecord<byte[], byte[]> message) {
        CompletableFuture<RecordMetadata> acknowledged = new CompletableFuture<>();
        try {
            var unused = producer.send(message, (metadata, failure) -> {
                if (failure == null) {
                    acknowledged.complete(metadata);
                } else {
                    acknowledged.completeExceptionally(failure);
                }
            });
        } catch (KafkaException | IllegalStateException e) { // the latter after a concurrent discard()
            acknowledged.completeExceptionally(e);
        }
        return acknowledged;
    }

    /** One entry to write, with its retries. */
    private final class Write {

        private final CredentialId credential;
        private final LedgerEntry entry;
        private final byte[] json;
        private final PartitionOwnership ownership;
        private final BooleanSupplier mayRetry;

        Write(
                CredentialId credential,
                LedgerEntry entry,
                byte[] json,
                PartitionOwnership ownership,
                BooleanSupplier mayRetry) {
            this.credential = credential;
            this.entry = entry;
            this.json = json;
            this.ownership = ownership;
            this.mayRetry = mayRetry;
        }

        CompletableFuture<Void> start() {
            return CompletableFuture.<Void>completedFuture(null)
                    .thenComposeAsync(onSendThread -> sendIfOwned(), sendThread)
                    .thenComposeAsync(this::failIfSuperseded, pools.routing());
        }

        /** Returns whether the written entry wins. */
        private CompletableFuture<Boolean> sendIfOwned() {
            if (!ownership.isHeld()) {
                return CompletableFuture.failedFuture(new LedgerWriteFencedException(credential));
            }
            Producer<byte[], byte[]> current = producer();
            byte[] key = credential.toString().getBytes(UTF_8);
            return send(current, new ProducerRecord<>(topic, key, json))
                    .thenApply(metadata -> store(current, metadata))
                    .exceptionallyComposeAsync(failure -> retry(current, failure), pools.blocking());
        }

        /** Runs on the producer's thread, before the record is read: the reader need not parse it then. */
        private boolean store(Producer<byte[], byte[]> used, RecordMetadata metadata) {
            if (used == producer) {
                sendThread.markAcknowledged();
            }
            return table.putWritten(credential.toString(), metadata.offset(), entry, json);
        }

        private CompletableFuture<Boolean> retry(Producer<byte[], byte[]> used, Throwable failure) {
            Throwable cause = failure.getCause() == null ? failure : failure.getCause();
            LOG.atLevel(unacknowledged.level(cause))
                    .addKeyValue("credential", credential.toString())
                    .log("Kafka did not acknowledge the ledger entry of {}: {}", credential, cause.toString());
            discard(used);
            return mayRetry.getAsBoolean()
                    ? new CompletableFuture<Void>()
                            .completeOnTimeout(null, RETRY_BACKOFF_MS, TimeUnit.MILLISECONDS)
                            .thenComposeAsync(backedOff -> sendIfOwned(), pools.blocking())
                    : CompletableFuture.failedFuture(new LedgerWriteFencedException(credential));
        }

        /** The owner of the entry that wins continues the rotation. */
        private CompletableFuture<Void> failIfSuperseded(boolean wins) {
            return wins
                    ? CompletableFuture.completedFuture(null)
                    : CompletableFuture.failedFuture(new LedgerWriteFencedException(credential));
        }
    }

    /**
     * Writes the same entry for each credential, without retries, and returns when all are acknowledged. It leaves the table
     * to the reader: an entry that another instance wrote before must win.
     *
     * @throws IllegalStateException if one is not acknowledged
     */
    void writeFirstSeen(Collection<CredentialId> credentials, LedgerEntry entry) throws InterruptedException {
        byte[] json = json(entry);
        Producer<byte[], byte[]> current = producer();
        List<Future<RecordMetadata>> sends = new ArrayList<>();
        try {
            for (CredentialId credential : credentials) {
                byte[] key = credential.toString().getBytes(UTF_8);
                sends.add(current.send(new ProducerRecord<>(topic, key, json)));
            }
            for (Future<RecordMetadata> send : sends) {
                send.get();
            }
        } catch (ExecutionException | KafkaException e) {
            discard(current);
            throw new IllegalStateException("Kafka did not acknowledge the ledger entries of new credentials", e);
        }
    }

    /** Writes the current entry again, after a stale write. Every instance that reads the stale write does so. */
    void restore(String credential) {
        byte[] json = table.json(credential);
        if (json != null) {
            LOG.atWarn()
                    .addKeyValue("credential", credential)
                    .log("Stale ledger entry for {} by a previous owner: restored the current one", credential);
            var unused = producer()
                    .send(new ProducerRecord<>(topic, credential.getBytes(UTF_8), json), (metadata, failure) -> {
                        if (failure != null) {
                            table.markStale(credential);
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

    /** Closes a failed producer: its buffered records must not be sent late, and some of its errors are fatal. */
    private synchronized void discard(Producer<byte[], byte[]> failed) {
        if (producer == failed) {
            producer = null;
            sendThread.reset();
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
            throw new IllegalStateException("Cannot write a ledger entry as JSON", e);
        }
    }
}
