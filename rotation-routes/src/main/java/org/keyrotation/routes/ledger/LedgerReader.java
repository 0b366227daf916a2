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
 * Reads the ledger's topic from its beginning, and on and on, on a thread of its own. Those who ask at the same time to
 * be told once all is read that is there now share one request for the ends of the partitions.
 */
final class LedgerReader implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(Ledger.class);
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    /** Nobody waits for what comes in the meantime, and a fetch for each record costs the broker most. */
    private static final Duration REST = Duration.ofMillis(20);

    private final String topic;
    private final LedgerTable entries;
    private final Supplier<Consumer<byte[], byte[]>> consumers;
    private final java.util.function.Consumer<String> whenLate;
    private final BlockingQueue<CompletableFuture<Void>> asking = new LinkedBlockingQueue<>();
    private final List<CatchUp> catchingUp = new ArrayList<>();
    private volatile boolean stopped;
    private volatile @Nullable Consumer<byte[], byte[]> reading;

    /** @param whenLate told of each credential whose last record came too late */
    LedgerReader(
            String topic,
            LedgerTable entries,
            Supplier<Consumer<byte[], byte[]>> consumers,
            java.util.function.Consumer<String> whenLate) {
        this.topic = topic;
        this.entries = entries;
        this.consumers = consumers;
        this.whenLate = whenLate;
    }

    /** Completes once everything is read that had been acknowledged when this was called. */
    CompletableFuture<Void> caughtUp() {
        CompletableFuture<Void> done = new CompletableFuture<>();
        asking.add(done);
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
                    Consumer<byte[], byte[]> asker = consumers.get()) {
                reading = consumer;
                follow(consumer, asker);
            } catch (RuntimeException e) {
                LOG.warn("The ledger {} cannot be read, will try again: {}", topic, e.toString());
                pause();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                stopped = true;
            } finally {
                reading = null;
                catchingUp.forEach(ask -> asking.add(ask.done));
                catchingUp.clear();
            }
        }
    }

    /**
     * @param asker another one: on the connection of the first, where nothing is written, a question waits behind the fetch
     *     that waits for something
     */
    private void follow(Consumer<byte[], byte[]> consumer, Consumer<byte[], byte[]> asker) throws InterruptedException {
        List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                .map(info -> new TopicPartition(topic, info.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        while (!stopped) {
            try {
                noteEnds(asker, partitions);
                tellWhoHasCaughtUp(consumer);
                consumer.poll(PATIENCE).forEach(entries::put);
                writeOverWhatCameLate();
                restUntilSomebodyAsks();
            } catch (WakeupException e) {
                LOG.trace("Asked to catch up");
            }
        }
    }

    private void restUntilSomebodyAsks() throws InterruptedException {
        if (catchingUp.isEmpty()) {
            CompletableFuture<Void> first = asking.poll(REST.toMillis(), TimeUnit.MILLISECONDS);
            if (first != null) {
                asking.add(first);
            }
        }
    }

    /** Not before all is read: what came late may be written over already. */
    private void writeOverWhatCameLate() {
        if (catchingUp.isEmpty()) {
            entries.takeLate().forEach(whenLate);
        }
    }

    private void noteEnds(Consumer<byte[], byte[]> asker, List<TopicPartition> partitions) {
        int questions = asking.size();
        if (questions > 0) {
            Map<TopicPartition, Long> ends = asker.endOffsets(partitions);
            for (int i = 0; i < questions; i++) {
                catchingUp.add(new CatchUp(ends, asking.remove()));
            }
        }
    }

    /** Nobody is told while there is an entry that cannot be read: nothing is to be decided without it. */
    private void tellWhoHasCaughtUp(Consumer<byte[], byte[]> consumer) {
        catchingUp.removeIf(ask -> entries.unreadable() == null
                && ask.ends.entrySet().stream().allMatch(end -> consumer.position(end.getKey()) >= end.getValue())
                && ask.tell());
    }

    private void wakeUp() {
        Consumer<byte[], byte[]> consumer = reading;
        if (consumer != null) {
            consumer.wakeup();
        }
    }

    private void pause() {
        try {
            Thread.sleep(PATIENCE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            stopped = true;
        }
    }

    private record CatchUp(Map<TopicPartition, Long> ends, CompletableFuture<Void> done) {
        boolean tell() {
            done.complete(null);
            return done.isDone();
        }
    }
}
