package org.keyrotation.routes.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.keyrotation.sandbox.SandboxBroker;
import org.keyrotation.sandbox.SandboxExtension;
import org.keyrotation.sandbox.TopicClient;

/** The consumer with a real broker, and with handlers that the test completes. */
@ExtendWith(SandboxExtension.class)
@Execution(ExecutionMode.CONCURRENT)
class ParallelKafkaConsumerIT {

    private static final Duration SESSION_TIMEOUT = Duration.ofSeconds(6); // the broker's default minimum
    private static final Duration POLL_TIMEOUT = Duration.ofMillis(100);
    private static final int CAPACITY = 8;
    private static final int MAX_POLL_RECORDS = 5;

    private final List<InFlightRecord> started = new ArrayList<>();
    private final List<CompletableFuture<Void>> handlers = new ArrayList<>();
    private final InFlightRecords records = new InFlightRecords(
            CAPACITY,
            CAPACITY,
            new FairQueue(StartPolicy.UNTHROTTLED, CAPACITY, () -> 0),
            Runnable::run,
            Duration.ofHours(2),
            this::handle);
    private final String topic = TopicClient.uniqueName("requests");
    private final String group = TopicClient.uniqueName("group");
    private SandboxBroker broker;

    @BeforeEach
    void setUp(SandboxBroker shared) {
        broker = shared;
    }

    /** The consumer polls for longer than {@code max.poll.interval.ms}: it would leave the group if it blocked. */
    @Test
    @Tag("I5")
    void consumerFetchesNothingWhileTheBufferIsFullAndStaysInItsGroup() {
        send(1, 50);
        try (ParallelKafkaConsumer consumer = consumer(properties("max.poll.interval.ms", "10000"))) {
            consumer.subscribe(List.of(topic), new NoOpListener());
            await().pollInSameThread().until(() -> {
                poll(consumer);
                return !consumer.assignment().isEmpty() && consumer.position(partition(0)) >= CAPACITY;
            });
            int generation = consumer.groupMetadata().generationId();
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(12);
            while (System.nanoTime() < end) {
                poll(consumer);
            }

            assertThat(consumer.position(partition(0))).isBetween((long) CAPACITY, CAPACITY + MAX_POLL_RECORDS - 1L);
            assertThat(consumer.groupMetadata().generationId()).isEqualTo(generation);

            await().pollInSameThread().until(() -> {
                poll(consumer);
                List.copyOf(handlers).forEach(each -> each.complete(null));
                return started.size() == 50;
            });
        }
    }

    @Test
    void recordsOfOnePollStartWhenTheirOwnConditionIsMetAndInTheirOrder() {
        send(1, MAX_POLL_RECORDS);
        CompletableFuture<Void> even = new CompletableFuture<>();
        CompletableFuture<Void> odd = new CompletableFuture<>();
        StartCondition startCondition = () -> polled -> polled.offset() % 2 == 0 ? even : odd;
        try (ParallelKafkaConsumer consumer =
                new ParallelKafkaConsumer(properties(), records, StartPolicy.UNTHROTTLED, startCondition)) {
            consumer.subscribe(List.of(topic), new NoOpListener());
            await().pollInSameThread().until(() -> poll(consumer) == MAX_POLL_RECORDS);
            assertThat(started).isEmpty();

            odd.complete(null);
            even.complete(null);
        }

        assertThat(started).extracting(InFlightRecord::offset).containsExactly(1L, 3L, 0L, 2L, 4L);
    }

    @Test
    @Tag("I2")
    void recordsInFlightLoseTheirOwnershipWhenTheSessionExpiresDuringARebalance() {
        send(2, 1);
        SlowListener listener = new SlowListener();
        try (ParallelKafkaConsumer consumer = consumer(properties())) {
            consumer.subscribe(List.of(topic), listener);
            await().pollInSameThread().until(() -> {
                poll(consumer);
                return started.size() == 2;
            });
            assertThat(started).allMatch(InFlightRecord::isHeld);

            try (OtherMember other = new OtherMember()) {
                other.join(topic, properties());
                await().pollInSameThread().atMost(Duration.ofMinutes(1)).until(() -> {
                    poll(consumer);
                    return listener.isAssignedAgain;
                });
                assertThat(started.subList(0, 2)).noneMatch(InFlightRecord::isHeld);
            }
        }
    }

    @Test
    @Tag("I5")
    void recordsOfAFailedPollAreReadAgainAndTheFailureIsKnownUntilThen() {
        send(1, 1);
        AtomicBoolean isFailing = new AtomicBoolean(true);
        StartCondition startCondition = () -> {
            if (isFailing.get()) {
                throw new KafkaException("as a refused request does");
            }
            return polled -> CompletableFuture.completedFuture(null);
        };
        try (ParallelKafkaConsumer consumer =
                new ParallelKafkaConsumer(properties(), records, StartPolicy.UNTHROTTLED, startCondition)) {
            consumer.subscribe(List.of(topic), new NoOpListener());
            await().pollInSameThread().until(() -> poll(consumer) == 0 && consumer.failure() != null);
            assertThat(consumer.hasJoined()).isTrue();

            isFailing.set(false);
            await().pollInSameThread().until(() -> poll(consumer) == 1);
            assertThat(consumer.failure()).isNull();
        }
    }

    @Test
    void errorThatEndsThePollThreadIsKnown() {
        send(1, 1);
        StartCondition startCondition = () -> {
            throw new AssertionError("as a class that is missing does");
        };
        try (ParallelKafkaConsumer consumer =
                new ParallelKafkaConsumer(properties(), records, StartPolicy.UNTHROTTLED, startCondition)) {
            consumer.subscribe(List.of(topic), new NoOpListener());
            assertThatThrownBy(() -> await().pollInSameThread().until(() -> poll(consumer) > 0))
                    .isInstanceOf(AssertionError.class);

            assertThat(consumer.failure()).isInstanceOf(AssertionError.class);
        }
    }

    @Test
    void consumerHasJoinedFromItsFirstAssignmentUntilItUnsubscribes() {
        send(1, 0);
        try (ParallelKafkaConsumer consumer = consumer(properties())) {
            assertThat(consumer.hasJoined()).isFalse();
            consumer.subscribe(List.of(topic), new NoOpListener());
            await().pollInSameThread().until(() -> poll(consumer) == 0 && consumer.hasJoined());

            consumer.unsubscribe();
            assertThat(consumer.hasJoined()).isFalse();
        }
    }

    private CompletableFuture<Void> handle(InFlightRecord inFlight) {
        CompletableFuture<Void> handler = new CompletableFuture<>();
        started.add(inFlight);
        handlers.add(handler);
        return handler;
    }

    private void send(int partitions, int recordsPerPartition) {
        broker.createTopic(topic, partitions, Map.of());
        IntStream.range(0, partitions)
                .forEach(partition -> IntStream.range(0, recordsPerPartition).forEach(i -> broker.topics()
                        .send(new ProducerRecord<>(
                                topic, partition, ("Acme/" + partition + "-" + i).getBytes(UTF_8), new byte[0]))));
    }

    private TopicPartition partition(int number) {
        return new TopicPartition(topic, number);
    }

    private ParallelKafkaConsumer consumer(Properties properties) {
        return new ParallelKafkaConsumer(
                properties, records, StartPolicy.UNTHROTTLED, () -> polled -> CompletableFuture.completedFuture(null));
    }

    /** Polls, enqueues the records as the consuming route does, and returns their number. */
    private int poll(ParallelKafkaConsumer consumer) {
        var polled = consumer.poll(POLL_TIMEOUT);
        polled.forEach(each -> records.enqueue(partition(each.partition()), each.offset()));
        return polled.count();
    }

    private Properties properties(String... more) {
        Properties properties = new Properties();
        properties.putAll(Map.of(
                "bootstrap.servers", broker.bootstrapServers(),
                "group.id", group,
                "auto.offset.reset", "earliest",
                "enable.auto.commit", "false",
                "max.poll.records", String.valueOf(MAX_POLL_RECORDS),
                "session.timeout.ms", String.valueOf(SESSION_TIMEOUT.toMillis()),
                "heartbeat.interval.ms", "500",
                "key.deserializer", ByteArrayDeserializer.class.getName(),
                "value.deserializer", ByteArrayDeserializer.class.getName(),
                "partition.assignment.strategy", CooperativeStickyAssignor.class.getName()));
        for (int i = 0; i < more.length; i += 2) {
            properties.put(more[i], more[i + 1]);
        }
        return properties;
    }

    /** Stands for Camel's own listener. */
    private static class NoOpListener implements ConsumerRebalanceListener {
        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            // nothing to do
        }

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            // nothing to do
        }
    }

    /** Blocks the first revocation for longer than the session timeout, like a commit whose broker does not respond. */
    private static final class SlowListener extends NoOpListener {
        private boolean isRevoked;
        private boolean isAssignedAgain;

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            if (!isAssignedAgain) {
                isRevoked = true;
                LockSupport.parkNanos(SESSION_TIMEOUT.plusSeconds(1).toNanos());
            }
        }

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            isAssignedAgain = isRevoked;
        }
    }

    /** Another member of the consumer group, which gets a part of the partitions. */
    private static final class OtherMember implements AutoCloseable {
        private final AtomicBoolean isClosed = new AtomicBoolean();
        private CompletableFuture<Void> polling = CompletableFuture.completedFuture(null);

        void join(String topic, Properties properties) {
            polling = CompletableFuture.runAsync(() -> {
                try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(properties)) {
                    consumer.subscribe(List.of(topic));
                    while (!isClosed.get()) {
                        var unused = consumer.poll(POLL_TIMEOUT);
                    }
                }
            });
        }

        @Override
        public void close() {
            isClosed.set(true);
            polling.join();
        }
    }
}
