package org.keyrotation.routes.ledger;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
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

    /** The pause between polls while no read is pending: fetching each record by itself costs the broker most. */
    private static final Duration IDLE_PAUSE = Duration.ofMillis(20);

    private final String topic;
    private final LedgerTable table;
    private final Supplier<Consumer<byte[], byte[]>> consumers;
    private final java.util.function.Consumer<String> repair;
    private final BlockingQueue<CompletableFuture<Void>> pendingReads = new LinkedBlockingQueue<>();
    private final List<CatchUp> catchUps = new ArrayList<>();
    private volatile boolean stopped;
    private volatile @Nullable Consumer<byte[], byte[]> activeConsumer;

    /** @param repair called with each credential whose last record is a stale write */
    LedgerReader(
            String topic,
            LedgerTable table,
            Supplier<Consumer<byte[], byte[]>> consumers,
            java.util.function.Consumer<String> repair) {
        this.topic = topic;
        this.table = table;
        this.consumers = consumers;
        this.repair = repair;
    }

    /** Completes when every record that was acknowledged before this call has been read. */
    CompletableFuture<Void> readToEnd() {
        CompletableFuture<Void> done = new CompletableFuture<>();
        pendingReads.add(done);
        wakeUp();
        return done;
    }

    void stop() {
        stopped = true;
        wakeUp();
    }

    @Override
    public void run() {
        while (!stopped) {
            try (Consumer<byte[], byte[]> consumer = consumers.get();
                    Consumer<byte[], byte[]> endOffsetConsumer = consumers.get()) {
                activeConsumer = consumer;
                follow(consumer, endOffsetConsumer);
            } catch (RuntimeException e) {
                LOG.warn("Failed to read the ledger {}, will retry: {}", topic, e.toString());
                backOff();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                stopped = true;
            } finally {
                activeConsumer = null;
                catchUps.forEach(catchUp -> pendingReads.add(catchUp.done));
                catchUps.clear();
            }
        }
    }

    /**
     * @param endOffsetConsumer a second consumer: on the connection of the first, the request would queue behind a
     *     long-polling fetch
     */
    private void follow(Consumer<byte[], byte[]> consumer, Consumer<byte[], byte[]> endOffsetConsumer)
            throws InterruptedException {
        List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                .map(info -> new TopicPartition(topic, info.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        while (!stopped) {
            try {
                startCatchUps(endOffsetConsumer, partitions);
                completeCaughtUp(consumer);
                consumer.poll(POLL_TIMEOUT).forEach(table::put);
                repairStaleWrites();
                pauseUntilRequested();
            } catch (WakeupException e) {
                LOG.trace("Woken up to read to the end, or to stop");
            }
        }
    }

    private void pauseUntilRequested() throws InterruptedException {
        if (catchUps.isEmpty()) {
            CompletableFuture<Void> first = pendingReads.poll(IDLE_PAUSE.toMillis(), TimeUnit.MILLISECONDS);
            if (first != null) {
                pendingReads.add(first);
            }
        }
    }

    /** Repairs only after reading to the end: a later record may have restored the entry already. */
    private void repairStaleWrites() {
        if (catchUps.isEmpty()) {
            table.drainStaleWrites().forEach(repair);
        }
    }

    private void startCatchUps(Consumer<byte[], byte[]> endOffsetConsumer, List<TopicPartition> partitions) {
        int count = pendingReads.size();
        if (count > 0) {
            Map<TopicPartition, Long> endOffsets = endOffsetConsumer.endOffsets(partitions);
            for (int i = 0; i < count; i++) {
                catchUps.add(new CatchUp(endOffsets, pendingReads.remove()));
            }
        }
    }

    /** Completes no read while an entry is unreadable: no decision may be taken without it. */
    private void completeCaughtUp(Consumer<byte[], byte[]> consumer) {
        catchUps.removeIf(catchUp -> table.unreadable() == null && catchUp.isReached(consumer) && catchUp.complete());
    }

    private void wakeUp() {
        Consumer<byte[], byte[]> consumer = activeConsumer;
        if (consumer != null) {
            consumer.wakeup();
        }
    }

    private void backOff() {
        try {
            Thread.sleep(RETRY_BACKOFF.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            stopped = true;
        }
    }

    /** A pending read with the end offsets that it has to reach. */
    private record CatchUp(Map<TopicPartition, Long> endOffsets, CompletableFuture<Void> done) {
        boolean isReached(Consumer<byte[], byte[]> consumer) {
            return endOffsets.entrySet().stream().allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
        }

        boolean complete() {
            done.complete(null);
            return done.isDone();
        }
    }
}
