package org.keyrotation.routes.kafka;

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
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a compacted topic into a table in memory, from the beginning and continuously, on its own thread. Concurrent calls of
 * {@link #readToEnd()} share one request for end offsets.
 */
public final class CompactedTopicReader implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(CompactedTopicReader.class);
    private static final Duration POLL_TIMEOUT = Duration.ofSeconds(1);
    private static final Duration RETRY_BACKOFF = Duration.ofSeconds(1);

    /** The table that the records are read into, by the thread of the reader. */
    public interface Table {

        /** Applies a record. Those of a partition come in their order. */
        void apply(ConsumerRecord<byte[], byte[]> polled, int partitionCount);

        /** Whether a read to the end may complete: the table can be trusted. */
        default boolean isReadable() {
            return true;
        }

        /** Returns how many writers wait until their records are read. */
        default int expectedCount() {
            return 0;
        }

        /** Called after records were applied while no read to the end is active. */
        default void afterReadToEnd() {}

        /** Called about once a second, also while the topic cannot be read. */
        default void endVainWaits() {}
    }

    /** Batches records while no read is pending: without a pause, every new record causes a fetch of its own. */
    private static final Duration IDLE_PAUSE = Duration.ofMillis(20);

    /** The same while writers wait for their entries: it delays each by less than a call of the API takes. */
    private static final Duration BUSY_PAUSE = Duration.ofMillis(5);

    private static final int MANY_WRITES = 8;

    private final String topic;
    private final Table table;
    private final Supplier<Consumer<byte[], byte[]>> consumerFactory;
    private final Queue<CompletableFuture<Void>> pendingReads = new ConcurrentLinkedQueue<>();
    private final Semaphore requested = new Semaphore(0);
    private final List<ReadToEnd> activeReads = new ArrayList<>();
    private long vainWaitsEndedAt = System.nanoTime();
    private volatile boolean stopped;
    private volatile @Nullable Throwable failure;
    private volatile @Nullable Consumer<byte[], byte[]> activeConsumer;

    /** @param consumerFactory creates a consumer without a group */
    public CompactedTopicReader(String topic, Table table, Supplier<Consumer<byte[], byte[]>> consumerFactory) {
        this.topic = topic;
        this.table = table;
        this.consumerFactory = consumerFactory;
    }

    /** Completes when every record that was acknowledged before this call is read, and the table is readable. */
    public CompletableFuture<Void> readToEnd() {
        CompletableFuture<Void> done = new CompletableFuture<>();
        pendingReads.add(done);
        requested.release();
        wakeUp();
        return done;
    }

    /** Reads without a pause, as long as the table expects entries. */
    public void readExpected() {
        requested.release();
    }

    /** Returns why the last read failed, or null once a later one has succeeded. */
    public @Nullable Throwable failure() {
        return failure;
    }

    public void stop() {
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
                LOG.debug("Failed to read the topic {}, will retry: {}", topic, KafkaClients.reason(e));
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
                if (activeReads.isEmpty()) {
                    table.afterReadToEnd();
                }
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

    private void startReadToEnds(Consumer<byte[], byte[]> endOffsetConsumer, List<TopicPartition> partitions) {
        int count = pendingReads.size();
        if (count > 0) {
            Map<TopicPartition, Long> endOffsets = endOffsetConsumer.endOffsets(partitions);
            for (int i = 0; i < count; i++) {
                activeReads.add(new ReadToEnd(endOffsets, pendingReads.remove()));
            }
        }
    }

    private void completeCaughtUp(Consumer<byte[], byte[]> consumer) {
        if (activeReads.removeIf(read -> table.isReadable() && read.isReached(consumer) && complete(read))) {
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
