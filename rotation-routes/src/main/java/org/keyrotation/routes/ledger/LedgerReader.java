package org.keyrotation.routes.ledger;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.keyrotation.model.CredentialId;
import org.keyrotation.routes.kafka.KafkaClients;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the ledger topic into the table, from the beginning and continuously, on its own thread. Concurrent calls of {@link
 * #readToEnd()} share one request for end offsets.
 */
final class LedgerReader implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(LedgerReader.class);
    private static final Duration POLL_TIMEOUT = Duration.ofSeconds(1);
    private static final Duration RETRY_BACKOFF = Duration.ofSeconds(1);

    /** Batches records while no read is pending: without a pause, every new record causes a fetch of its own. */
    private static final Duration IDLE_PAUSE = Duration.ofMillis(20);

    /** The same while writers wait for their entries: it delays each by less than a call of the API takes. */
    private static final Duration BUSY_PAUSE = Duration.ofMillis(5);

    private static final int MANY_WRITES = 8;

    private final String topic;
    private final LedgerTable table;
    private final Supplier<Consumer<byte[], byte[]>> consumerFactory;
    private final java.util.function.Consumer<CredentialId> repair;
    private final Queue<CompletableFuture<Void>> pendingReads = new ConcurrentLinkedQueue<>();
    private final Semaphore requested = new Semaphore(0);
    private final List<ReadToEnd> activeReads = new ArrayList<>();
    private long vainWaitsEndedAt = System.nanoTime();
    private volatile boolean stopped;
    private volatile @Nullable Throwable failure;
    private volatile @Nullable Consumer<byte[], byte[]> activeConsumer;

    /** @param repair called with each credential whose last record is a stale write */
    LedgerReader(
            String topic,
            LedgerTable table,
            Supplier<Consumer<byte[], byte[]>> consumerFactory,
            java.util.function.Consumer<CredentialId> repair) {
        this.topic = topic;
        this.table = table;
        this.consumerFactory = consumerFactory;
        this.repair = repair;
    }

    /** Completes when every record that was acknowledged before this call is read, and no entry is known to be unreadable. */
    CompletableFuture<Void> readToEnd() {
        CompletableFuture<Void> done = new CompletableFuture<>();
        pendingReads.add(done);
        requested.release();
        wakeUp();
        return done;
    }

    /** Reads without a pause, as long as the table expects entries. */
    void readExpected() {
        requested.release();
    }

    /** Returns why the last read failed, or null once a later one has succeeded. */
    @Nullable
    Throwable failure() {
        return failure;
    }

    void stop() {
        stopped = true;
        wakeUp();
    }

    @Override
    public void run() {
        while (!stopped) {
            try (Consumer<byte[], byte[]> consumer = consumerFactory.get();
                    Consumer<byte[], byte[]> endOffsetConsumer = consumerFactory.get()) {
                activeConsumer = consumer;
                pollLoop(consumer, endOffsetConsumer);
            } catch (WakeupException e) {
                LOG.trace("Woken up before the first poll");
                backOff();
            } catch (RuntimeException | Error e) { // an error that ends this thread would stop all decisions
                LOG.debug("Failed to read the ledger {}, will retry: {}", topic, KafkaClients.reason(e));
                failure = e;
                backOff();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                stopped = true;
            } finally {
                activeConsumer = null;
                activeReads.forEach(read -> pendingReads.add(read.done));
                activeReads.clear();
            }
        }
    }

    /**
     * @param endOffsetConsumer a second consumer: on the connection of the first, the request would queue behind a
     *     long-polling fetch
     */
    private void pollLoop(Consumer<byte[], byte[]> consumer, Consumer<byte[], byte[]> endOffsetConsumer)
            throws InterruptedException {
        List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                .map(info -> new TopicPartition(topic, info.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        while (!stopped) {
            try {
                startReadToEnds(endOffsetConsumer, partitions);
                completeCaughtUp(consumer);
                consumer.poll(POLL_TIMEOUT).forEach(polled -> table.apply(polled, partitions.size()));
                endVainWaits();
                repairStaleWrites();
                pauseUntilRequested();
            } catch (WakeupException e) {
                LOG.trace("Woken up to read to the end, or to stop");
            }
        }
    }

    private void pauseUntilRequested() throws InterruptedException {
        int expected = table.expectedCount();
        if (activeReads.isEmpty() && expected == 0) {
            boolean unused = requested.tryAcquire(IDLE_PAUSE.toMillis(), TimeUnit.MILLISECONDS);
        } else if (expected >= MANY_WRITES) {
            Thread.sleep(BUSY_PAUSE.toMillis());
        }
        requested.drainPermits();
    }

    /** Repairs only while no read to the end is active: until then a later record may restore the entry. */
    private void repairStaleWrites() {
        if (activeReads.isEmpty()) {
            table.drainStaleWrites().stream().map(CredentialId::parse).forEach(repair);
        }
    }

    private void startReadToEnds(Consumer<byte[], byte[]> endOffsetConsumer, List<TopicPartition> partitions) {
        int count = pendingReads.size();
        if (count > 0) {
            Map<TopicPartition, Long> endOffsets = endOffsetConsumer.endOffsets(partitions);
            for (int i = 0; i < count; i++) {
                activeReads.add(new ReadToEnd(endOffsets, pendingReads.remove()));
            }
        }
    }

    /** Completes no read while an entry is known to be unreadable: the instance that wrote it may have written others. */
    private void completeCaughtUp(Consumer<byte[], byte[]> consumer) {
        if (activeReads.removeIf(
                read -> table.firstUnreadable() == null && read.isReached(consumer) && complete(read))) {
            failure = null;
        }
    }

    private boolean complete(ReadToEnd read) {
        read.done.complete(null);
        return true;
    }

    private void wakeUp() {
        Consumer<byte[], byte[]> consumer = activeConsumer;
        if (consumer != null) {
            consumer.wakeup();
        }
    }

    private void endVainWaits() {
        if (System.nanoTime() - vainWaitsEndedAt > POLL_TIMEOUT.toNanos()) {
            vainWaitsEndedAt = System.nanoTime();
            table.endVainWaits();
        }
    }

    private void backOff() {
        endVainWaits();
        try {
            Thread.sleep(RETRY_BACKOFF.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            stopped = true;
        }
    }

    /** A pending read with the end offsets that it has to reach. */
    private record ReadToEnd(Map<TopicPartition, Long> endOffsets, CompletableFuture<Void> done) {
        boolean isReached(Consumer<byte[], byte[]> consumer) {
            return endOffsets.entrySet().stream().allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
        }
    }
}
