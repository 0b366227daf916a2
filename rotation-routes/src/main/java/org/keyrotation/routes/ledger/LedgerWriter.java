package org.keyrotation.routes.ledger;

import static java.nio.charset.StandardCharsets.UTF_8;

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
import org.keyrotation.routes.camel.RepeatedWarning;
import org.keyrotation.routes.camel.ThreadPools;
import org.keyrotation.routes.kafka.PartitionOwnership;
import org.keyrotation.routes.kafka.SendThreadSelector;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes entries to the ledger topic. It retries each until it is acknowledged, so that no rotation is forgotten, and waits
 * until it is read: only then does the writer know whether it wins.
 */
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
    private volatile boolean hasWritten;
    private boolean closed;

    LedgerWriter(String topic, LedgerTable table, Supplier<Producer<byte[], byte[]>> producers, ThreadPools pools) {
        this.topic = topic;
        this.table = table;
        this.producers = producers;
        this.pools = pools;
        this.sendThread = new SendThreadSelector(pools);
    }

    /** Completes with the entry when it is acknowledged, read, and wins. */
    CompletableFuture<LedgerEntry> write(
            CredentialId credential, LedgerEntry entry, PartitionOwnership ownership, BooleanSupplier mayRetry) {
        BooleanSupplier isAwaited = () -> ownership.isHeld() && mayRetry.getAsBoolean();
        PendingWrite pending = new PendingWrite(credential, entry, EntryJson.write(entry), isAwaited);
        table.expect(pending);
        return new Write(credential, pending, ownership, mayRetry).start();
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
        private final PendingWrite pending;
        private final PartitionOwnership ownership;
        private final BooleanSupplier mayRetry;

        Write(CredentialId credential, PendingWrite pending, PartitionOwnership ownership, BooleanSupplier mayRetry) {
            this.credential = credential;
            this.pending = pending;
            this.ownership = ownership;
            this.mayRetry = mayRetry;
        }

        CompletableFuture<LedgerEntry> start() {
            return CompletableFuture.<Void>completedFuture(null)
                    .thenComposeAsync(onSendThread -> sendIfOwned(), sendThread)
                    .thenCompose(acknowledged -> pending.wins())
                    .whenComplete((read, failure) -> table.forget(pending))
                    .thenComposeAsync(this::entryIfItWins, pools.routing());
        }

        private CompletableFuture<Void> sendIfOwned() {
            if (!ownership.isHeld()) {
                return CompletableFuture.failedFuture(new LedgerWriteFencedException(credential));
            }
            Producer<byte[], byte[]> current = producer();
            byte[] key = credential.toString().getBytes(UTF_8);
            return send(current, new ProducerRecord<>(topic, key, pending.json()))
                    .thenAccept(metadata -> markAcknowledged(current))
                    .exceptionallyComposeAsync(failure -> retry(current, failure), pools.blocking());
        }

        private void markAcknowledged(Producer<byte[], byte[]> used) {
            if (used == producer) {
                sendThread.markAcknowledged();
            }
        }

        /** A write that failed may be on the topic all the same, and read by now. */
        private CompletableFuture<Void> retry(Producer<byte[], byte[]> used, Throwable failure) {
            Throwable cause = failure.getCause() == null ? failure : failure.getCause();
            LOG.atLevel(unacknowledged.level(cause))
                    .addKeyValue("credential", credential.toString())
                    .log("Kafka did not acknowledge the ledger entry of {}: {}", credential, cause.toString());
            discard(used);
            if (!mayRetry.getAsBoolean()) {
                return CompletableFuture.failedFuture(new LedgerWriteFencedException(credential));
            }
            return afterBackoff()
                    .thenComposeAsync(
                            read -> read == null ? sendIfOwned() : CompletableFuture.completedFuture(null),
                            pools.blocking());
        }

        /** Completes when the entry is read, or with null after the backoff. */
        private CompletableFuture<@Nullable Boolean> afterBackoff() {
            return pending.wins()
                    .<@Nullable Boolean>thenApply(wins -> wins)
                    .completeOnTimeout(null, RETRY_BACKOFF_MS, TimeUnit.MILLISECONDS);
        }

        private CompletableFuture<LedgerEntry> entryIfItWins(boolean wins) {
            return wins
                    ? CompletableFuture.completedFuture(pending.entry())
                    : CompletableFuture.failedFuture(new LedgerConflictException(credential));
        }
    }

    /**
     * Writes the same entry for each credential, without retries, and returns when all are acknowledged. It leaves the table
     * to the reader: an entry that another instance wrote before must win.
     *
     * @throws IllegalStateException if one is not acknowledged
     */
    void writeFirstSeen(Collection<CredentialId> credentials, LedgerEntry entry) throws InterruptedException {
        byte[] json = EntryJson.write(entry);
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

    /**
     * Writes the current state again as its next revision: compaction keeps the last record, which is a stale write. Every
     * instance that reads one does so, with the same bytes.
     */
    void restore(CredentialId credential) {
        LOG.atWarn()
                .addKeyValue("credential", credential.toString())
                .log("Stale ledger entry for {} by another instance: restored the current one", credential);
        byte[] json = EntryJson.write(table.get(credential).nextRevision());
        var unused = producer()
                .send(new ProducerRecord<>(topic, credential.toString().getBytes(UTF_8), json), (metadata, failure) -> {
                    if (failure != null) {
                        table.markStale(credential);
                    }
                });
    }

    boolean hasWritten() {
        return hasWritten;
    }

    private synchronized Producer<byte[], byte[]> producer() {
        if (closed) {
            throw new IllegalStateException("The ledger is closed");
        }
        Producer<byte[], byte[]> current = producer;
        if (current == null) {
            current = producers.get();
            producer = current;
            hasWritten = true;
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
}
