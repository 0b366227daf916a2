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
import java.util.concurrent.locks.LockSupport;
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
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Kafka consumer that adds polled records to {@link InFlightRecords}. In each poll it commits the committable offsets, pauses
 * while the buffer is full, and checks its group membership. It blocks on records in flight only when partitions are revoked.
 */
final class ParallelKafkaConsumer extends KafkaConsumer<byte[], byte[]> {

    private static final Logger LOG = LoggerFactory.getLogger(ParallelKafkaConsumer.class);
    private static final Duration TOPIC_LOOKUP_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration DRAIN_TIMEOUT = Duration.ofSeconds(5);

    /** Polls between two failures may succeed: a failed one is forgotten after this time, or with the next records. */
    private static final Duration FAILURE_MEMORY = Duration.ofSeconds(10);

    /** Kafka's client logs each request that the brokers refuse. */
    private static final Duration FAILURE_BACKOFF = Duration.ofSeconds(1);

    private final InFlightRecords inFlightRecords;
    private final StartPolicy policy;
    private final StartCondition startCondition;
    private final GroupLease lease;
    private final Map<TopicPartition, Long> committed = new HashMap<>();
    private boolean isSuspended;
    private @Nullable Metric heartbeatTotal;
    private volatile boolean hasJoined;
    private volatile boolean isTopicMissing;
    private volatile @Nullable Throwable failure;
    private long failedAt;

    ParallelKafkaConsumer(
            Properties properties, InFlightRecords inFlightRecords, StartPolicy policy, StartCondition startCondition) {
        super(properties);
        this.inFlightRecords = inFlightRecords;
        this.policy = policy;
        this.startCondition = startCondition;
        this.lease = new GroupLease(sessionTimeout(properties), this::heartbeatResponses, System::nanoTime);
        inFlightRecords.revoke(
                inFlightRecords.partitions()); // discard the records of a previous, possibly suspended consumer
        inFlightRecords.resume();
    }

    @Override
    public void subscribe(Collection<String> topics, ConsumerRebalanceListener listener) {
        super.subscribe(topics, new RebalanceListener(listener));
    }

    @Override
    public void unsubscribe() {
        hasJoined = false;
        super.unsubscribe();
    }

    /**
     * Returns no records after a wake-up, because the route is stopping, after the lease has ended, and after a failure. Camel
     * would log each failure and poll again at once.
     */
    @Override
    public ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
        try {
            ConsumerRecords<byte[], byte[]> polled = pollInFlight(timeout);
            if (!polled.isEmpty() || System.nanoTime() - failedAt > FAILURE_MEMORY.toNanos()) {
                failure = null;
            }
            return polled;
        } catch (WakeupException e) {
            return ConsumerRecords.empty();
        } catch (InterruptException e) {
            throw e;
        } catch (KafkaException e) {
            failed(e);
            LockSupport.parkNanos(FAILURE_BACKOFF.toNanos());
            return ConsumerRecords.empty();
        } catch (RuntimeException | Error e) {
            failed(e);
            throw e;
        }
    }

    private ConsumerRecords<byte[], byte[]> pollInFlight(Duration timeout) {
        commitCompleted();
        updatePausedPartitions();
        ConsumerRecords<byte[], byte[]> polled = super.poll(timeout);
        addInFlight(polled);
        if (checkAndRenewLease()) {
            return polled;
        }
        abandonIncomplete();
        return ConsumerRecords.empty();
    }

    private void failed(Throwable e) {
        LOG.debug("Failed to poll: {}", KafkaClients.reason(e));
        failedAt = System.nanoTime();
        failure = e;
    }

    /** Returns why polls fail, or null. Safe on any thread. */
    @Nullable
    Throwable failure() {
        return failure;
    }

    /** Whether the group has assigned partitions, or none, to this member. Safe on any thread. */
    boolean hasJoined() {
        return hasJoined;
    }

    /** Whether the group has assigned no partitions because there are none. Safe on any thread. */
    boolean isTopicMissing() {
        return isTopicMissing;
    }

    /** Whether the group still counts this consumer as its member. Safe on any thread. */
    boolean isMember() {
        return lease.isValid();
    }

    /** Camel calls this when the route is suspended: queued records wait until it is resumed, or until their partition has a new owner. */
    @Override
    public void pause(Collection<TopicPartition> some) {
        isSuspended = true;
        inFlightRecords.pause();
        super.pause(some);
    }

    @Override
    public void resume(Collection<TopicPartition> some) {
        isSuspended = false;
        super.resume(some);
        inFlightRecords.resume();
    }

    /** Pauses also while the lease is not valid: records polled then would only be abandoned. */
    private void updatePausedPartitions() {
        if (inFlightRecords.isFull() || !lease.isValid()) {
            super.pause(assignment());
        } else if (!isSuspended) {
            super.resume(paused());
        }
    }

    /** Seeks back after a failure, such as metadata that is not available: otherwise the polled records would be skipped. */
    private void addInFlight(ConsumerRecords<byte[], byte[]> polled) {
        if (!polled.isEmpty()) {
            Map<CompletableFuture<Void>, List<InFlightRecord>> records;
            try {
                records = inFlight(polled);
            } catch (RuntimeException e) {
                polled.partitions()
                        .forEach(partition ->
                                seek(partition, polled.records(partition).get(0).offset()));
                throw e;
            }
            records.forEach((ready, added) -> inFlightRecords.add(added, ready));
        }
    }

    private Map<CompletableFuture<Void>, List<InFlightRecord>> inFlight(ConsumerRecords<byte[], byte[]> polled) {
        Function<ConsumerRecord<byte[], byte[]>, CompletableFuture<Void>> readyWhen = startCondition.afterPoll();
        int partitionCount = partitionsFor(polled.iterator().next().topic()).size();
        Map<CompletableFuture<Void>, List<InFlightRecord>> records = new LinkedHashMap<>();
        for (ConsumerRecord<byte[], byte[]> each : polled) {
            records.computeIfAbsent(readyWhen.apply(each), ready -> new ArrayList<>())
                    .add(new InFlightRecord(each, policy.flowOf(each), partitionCount, lease));
        }
        return records;
    }

    /** Checks first: a late heartbeat response must not revive an ended lease. */
    private boolean checkAndRenewLease() {
        boolean valid = lease.isValid();
        lease.renewOnHeartbeat();
        return valid;
    }

    /** Discards incomplete records, which another member may process, and seeks back in the retained partitions. */
    private void abandonIncomplete() {
        Map<TopicPartition, Long> seekTo = inFlightRecords.abandonIncomplete();
        if (!seekTo.isEmpty()) {
            LOG.warn(
                    "No heartbeat response within {}: abandoning in-flight records of {} to the new partition owner",
                    ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG,
                    seekTo.keySet());
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

    /** Retries once: the wake-up was meant for a poll. */
    private void commitCompletedSync() {
        try {
            commitSync(offsetsToCommit());
        } catch (WakeupException e) {
            commitSync(offsetsToCommit());
        }
    }

    private Map<TopicPartition, OffsetAndMetadata> offsetsToCommit() {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        inFlightRecords.committableOffsets().forEach((partition, offset) -> {
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

    /** Drains, commits and removes revoked partitions, then calls Camel's own listener. */
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
            failure = null;
            delegate.onPartitionsAssigned(partitions);
            isTopicMissing = assignment().isEmpty() && subscription().stream().allMatch(this::isMissing);
            hasJoined = true;
        }

        private boolean isMissing(String topic) {
            try {
                return partitionsFor(topic, TOPIC_LOOKUP_TIMEOUT).isEmpty();
            } catch (KafkaException e) {
                LOG.debug("Failed to look up the topic {}: {}", topic, KafkaClients.reason(e));
                return false;
            }
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            try {
                inFlightRecords.drain(partitions, DRAIN_TIMEOUT);
                commitCompletedSync();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (KafkaException e) {
                LOG.warn(
                        "Failed to commit offsets of {}, the new partition owner will process the records again: {}",
                        partitions,
                        e.toString());
            }
            remove(partitions);
            delegate.onPartitionsRevoked(partitions);
        }

        @Override
        public void onPartitionsLost(Collection<TopicPartition> partitions) {
            hasJoined = false;
            remove(partitions);
            delegate.onPartitionsLost(partitions);
        }

        private void remove(Collection<TopicPartition> partitions) {
            inFlightRecords.revoke(partitions);
            committed.keySet().removeAll(partitions);
        }
    }
}
