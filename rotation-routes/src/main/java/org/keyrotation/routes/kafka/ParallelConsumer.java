package org.keyrotation.routes.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.keyrotation.routes.intake.IntakeRoutes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The consumer of a {@link InFlightRecords}. In each poll, on its own thread, it commits what is done, stops fetching while the
 * window is full, and looks whether it is still in its group; it never blocks on what is under way, but for a moment when
 * partitions are taken from it.
 */
final class ParallelConsumer extends KafkaConsumer<byte[], byte[]> {

    private static final Logger LOG = LoggerFactory.getLogger(IntakeRoutes.class);
    private static final Duration LONGEST_DRAIN = Duration.ofSeconds(5);

    private final InFlightRecords window;
    private final StartCondition readiness;
    private final GroupLease lifeline;
    private final Map<TopicPartition, Long> committed = new HashMap<>();
    private boolean suspended;
    private @Nullable Metric heartbeats;

    ParallelConsumer(Properties properties, InFlightRecords window, StartCondition readiness) {
        super(properties);
        this.window = window;
        this.readiness = readiness;
        this.lifeline = new GroupLease(sessionTimeout(properties), this::answeredHeartbeats, System::nanoTime);
        window.withdraw(window.all()); // of a consumer before this one, which may have been suspended
        window.release();
    }

    @Override
    public void subscribe(Collection<String> topics, ConsumerRebalanceListener listener) {
        super.subscribe(topics, new Handover(listener));
    }

    /** Empty where somebody woke it up: the route is being stopped. */
    @Override
    public ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
        try {
            commitWithoutWaiting();
            fetchIfThereIsRoom();
            ConsumerRecords<byte[], byte[]> polled = super.poll(timeout);
            register(polled);
            if (isStillInItsGroup()) {
                return polled;
            }
            giveUpWhatIsTaken();
            return ConsumerRecords.empty();
        } catch (WakeupException e) {
            return ConsumerRecords.empty();
        }
    }

    /** By Camel, when the route is suspended: what was not begun waits until it is resumed, here or elsewhere. */
    @Override
    public void pause(Collection<TopicPartition> some) {
        suspended = true;
        window.hold();
        super.pause(some);
    }

    @Override
    public void resume(Collection<TopicPartition> some) {
        suspended = false;
        super.resume(some);
        window.release();
    }

    /** Nor while it is in doubt whether it is in its group: that would only be given up again. */
    private void fetchIfThereIsRoom() {
        if (window.isFull() || !lifeline.holds()) {
            super.pause(assignment());
        } else if (!suspended) {
            super.resume(paused());
        }
    }

    private void register(ConsumerRecords<byte[], byte[]> polled) {
        if (!polled.isEmpty()) {
            Function<ConsumerRecord<byte[], byte[]>, CompletableFuture<Void>> ready = readiness.ofPoll();
            int partitions = partitionsOf(polled);
            int generation = groupMetadata().generationId();
            Map<CompletableFuture<Void>, List<InFlightRecord>> slots = new LinkedHashMap<>();
            for (ConsumerRecord<byte[], byte[]> message : polled) {
                slots.computeIfAbsent(ready.apply(message), when -> new ArrayList<>())
                        .add(new InFlightRecord(message, partitions, generation, lifeline));
            }
            slots.forEach((when, those) -> window.register(those, when));
        }
    }

    /** Polls them again where that cannot be told: what is not registered would be passed over. */
    private int partitionsOf(ConsumerRecords<byte[], byte[]> polled) {
        try {
            return partitionsFor(polled.iterator().next().topic()).size();
        } catch (KafkaException e) {
            polled.partitions()
                    .forEach(partition ->
                            seek(partition, polled.records(partition).get(0).offset()));
            throw e;
        }
    }

    private boolean isStillInItsGroup() {
        boolean held = lifeline.holds();
        lifeline.look();
        return held;
    }

    /** Whoever is in the group may be at work on all that is here: it is given up, and polled again if it is still ours. */
    private void giveUpWhatIsTaken() {
        Map<TopicPartition, Long> pollFrom = window.startOver();
        if (!pollFrom.isEmpty()) {
            LOG.warn(
                    "No sign of life from the group for a session time-out: requests under way are left to their new owner");
            pollFrom.keySet().retainAll(assignment());
            pollFrom.forEach(this::seek);
        }
    }

    private void commitWithoutWaiting() {
        Map<TopicPartition, OffsetAndMetadata> offsets = toCommit();
        if (!offsets.isEmpty()) {
            commitAsync(offsets, (done, failure) -> {
                if (failure == null) {
                    done.forEach((partition, offset) -> committed.put(partition, offset.offset()));
                }
            });
        }
    }

    /** A wake-up that was meant for a poll does not keep it from committing. */
    private void commitAndWait() {
        try {
            commitSync(toCommit());
        } catch (WakeupException e) {
            commitSync(toCommit());
        }
    }

    private Map<TopicPartition, OffsetAndMetadata> toCommit() {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        window.firstNotDone().forEach((partition, offset) -> {
            if (offset > committed.getOrDefault(partition, 0L)) {
                offsets.put(partition, new OffsetAndMetadata(offset));
            }
        });
        return offsets;
    }

    private static Duration sessionTimeout(Properties properties) {
        Object configured = properties.getOrDefault(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, "45000");
        return Duration.ofMillis(Long.parseLong(configured.toString()));
    }

    private double answeredHeartbeats() {
        if (heartbeats == null) {
            heartbeats = metrics().entrySet().stream()
                    .filter(metric -> metric.getKey().name().equals("heartbeat-total"))
                    .map(Map.Entry::getValue)
                    .findFirst()
                    .orElse(null);
        }
        return heartbeats == null ? 0 : (double) heartbeats.metricValue();
    }

    /** What happens when partitions come and go. */
    private final class Handover implements ConsumerRebalanceListener {

        private final ConsumerRebalanceListener listener;

        Handover(ConsumerRebalanceListener listener) {
            this.listener = listener;
        }

        /** A session may have gone by in the rebalance itself: then those that stay were another's meanwhile. */
        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            if (!lifeline.holds()) {
                giveUpWhatIsTaken();
            }
            lifeline.joined();
            listener.onPartitionsAssigned(partitions);
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            try {
                window.drain(partitions, LONGEST_DRAIN);
                commitAndWait();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (KafkaException e) {
                LOG.warn(
                        "What was done of {} is not committed, and will be looked at again: {}",
                        partitions,
                        e.toString());
            }
            forget(partitions);
            listener.onPartitionsRevoked(partitions);
        }

        @Override
        public void onPartitionsLost(Collection<TopicPartition> partitions) {
            forget(partitions);
            listener.onPartitionsLost(partitions);
        }

        private void forget(Collection<TopicPartition> partitions) {
            window.withdraw(partitions);
            committed.keySet().removeAll(partitions);
        }
    }
}
