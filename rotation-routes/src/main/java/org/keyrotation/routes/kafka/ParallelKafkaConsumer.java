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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Kafka consumer that adds what it polls to {@link InFlightRecords}. In each poll it commits the committable offsets, pauses
 * while the buffer is full, and checks its group membership. It blocks on records in flight only when partitions are revoked.
 */
final class ParallelKafkaConsumer extends KafkaConsumer<byte[], byte[]> {

    private static final Logger LOG = LoggerFactory.getLogger(ParallelKafkaConsumer.class);
    private static final Duration DRAIN_TIMEOUT = Duration.ofSeconds(5);

    private final InFlightRecords inFlight;
    private final StartPolicy policy;
    private final StartCondition startCondition;
    private final GroupLease lease;
    private final Map<TopicPartition, Long> committed = new HashMap<>();
    private boolean isSuspended;
    private @Nullable Metric heartbeatTotal;

    ParallelKafkaConsumer(
            Properties properties, InFlightRecords inFlight, StartPolicy policy, StartCondition startCondition) {
        super(properties);
        this.inFlight = inFlight;
        this.policy = policy;
        this.startCondition = startCondition;
        this.lease = new GroupLease(sessionTimeout(properties), this::heartbeatResponses, System::nanoTime);
        inFlight.revoke(inFlight.partitions()); // of a previous consumer, which may have been suspended
        inFlight.resume();
    }

    @Override
    public void subscribe(Collection<String> topics, ConsumerRebalanceListener listener) {
        super.subscribe(topics, new RebalanceListener(listener));
    }

    /** Returns no records after a wake-up: the route is stopping. */
    @Override
    public ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
        try {
            commitCompleted();
            pauseWhileFull();
            ConsumerRecords<byte[], byte[]> polled = super.poll(timeout);
            addInFlight(polled);
            if (isGroupMember()) {
                return polled;
            }
            abandonIncomplete();
            return ConsumerRecords.empty();
        } catch (WakeupException e) {
            return ConsumerRecords.empty();
        }
    }

    /** Camel calls this when the route is suspended: queued records wait until it is resumed, here or elsewhere. */
    @Override
    public void pause(Collection<TopicPartition> some) {
        isSuspended = true;
        inFlight.pause();
        super.pause(some);
    }

    @Override
    public void resume(Collection<TopicPartition> some) {
        isSuspended = false;
        super.resume(some);
        inFlight.resume();
    }

    /** Pauses also while the lease is not valid: records polled then would only be abandoned. */
    private void pauseWhileFull() {
        if (inFlight.isFull() || !lease.isValid()) {
            super.pause(assignment());
        } else if (!isSuspended) {
            super.resume(paused());
        }
    }

    private void addInFlight(ConsumerRecords<byte[], byte[]> polled) {
        if (!polled.isEmpty()) {
            Function<ConsumerRecord<byte[], byte[]>, CompletableFuture<Void>> readyWhen = startCondition.afterPoll();
            int partitionCount = partitionCount(polled);
            int generation = groupMetadata().generationId();
            Map<CompletableFuture<Void>, List<InFlightRecord>> records = new LinkedHashMap<>();
            for (ConsumerRecord<byte[], byte[]> each : polled) {
                records.computeIfAbsent(readyWhen.apply(each), ready -> new ArrayList<>())
                        .add(new InFlightRecord(each, policy.groupOf(each), partitionCount, generation, lease));
            }
            records.forEach((ready, added) -> inFlight.add(added, ready));
        }
    }

    /** Seeks back if the number is not available: the position has moved, and records that are not added would be lost. */
    private int partitionCount(ConsumerRecords<byte[], byte[]> polled) {
        try {
            return partitionsFor(polled.iterator().next().topic()).size();
        } catch (KafkaException e) {
            polled.partitions()
                    .forEach(partition ->
                            seek(partition, polled.records(partition).get(0).offset()));
            throw e;
        }
    }

    private boolean isGroupMember() {
        boolean valid = lease.isValid();
        lease.renewOnHeartbeat();
        return valid;
    }

    /** Another member may process these records by now. Those of partitions that this consumer still has are polled again. */
    private void abandonIncomplete() {
        Map<TopicPartition, Long> seekTo = inFlight.abandonIncomplete();
        if (!seekTo.isEmpty()) {
            LOG.warn(
                    "No heartbeat response within {}: abandoning in-flight requests to the new partition owner",
                    ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG);
            seekTo.keySet().retainAll(assignment());
            seekTo.forEach(this::seek);
        }
    }

    private void commitCompleted() {
        Map<TopicPartition, OffsetAndMetadata> offsets = offsetsToCommit();
        if (!offsets.isEmpty()) {
            commitAsync(offsets, (done, failure) -> {
                if (failure == null) {
                    done.forEach((partition, offset) -> committed.put(partition, offset.offset()));
                }
            });
        }
    }

    /** Commits again after a wake-up, which was meant for a poll. */
    private void commitCompletedSync() {
        try {
            commitSync(offsetsToCommit());
        } catch (WakeupException e) {
            commitSync(offsetsToCommit());
        }
    }

    private Map<TopicPartition, OffsetAndMetadata> offsetsToCommit() {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        inFlight.committableOffsets().forEach((partition, offset) -> {
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

    private double heartbeatResponses() {
        if (heartbeatTotal == null) {
            heartbeatTotal = metrics().entrySet().stream()
                    .filter(metric -> metric.getKey().name().equals("heartbeat-total"))
                    .map(Map.Entry::getValue)
                    .findFirst()
                    .orElse(null);
        }
        return heartbeatTotal == null ? 0 : (double) heartbeatTotal.metricValue();
    }

    /** Drains, commits and revokes records as partitions come and go. Camel's own listener is called last. */
    private final class RebalanceListener implements ConsumerRebalanceListener {

        private final ConsumerRebalanceListener delegate;

        RebalanceListener(ConsumerRebalanceListener delegate) {
            this.delegate = delegate;
        }

        /** The session may have expired during the rebalance; retained partitions may have had another owner. */
        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            if (!lease.isValid()) {
                abandonIncomplete();
            }
            lease.renew();
            delegate.onPartitionsAssigned(partitions);
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            try {
                inFlight.drain(partitions, DRAIN_TIMEOUT);
                commitCompletedSync();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (KafkaException e) {
                LOG.warn(
                        "Offsets of {} are not committed, their new owner will process the records again: {}",
                        partitions,
                        e.toString());
            }
            remove(partitions);
            delegate.onPartitionsRevoked(partitions);
        }

        @Override
        public void onPartitionsLost(Collection<TopicPartition> partitions) {
            remove(partitions);
            delegate.onPartitionsLost(partitions);
        }

        private void remove(Collection<TopicPartition> partitions) {
            inFlight.revoke(partitions);
            committed.keySet().removeAll(partitions);
        }
    }
}
