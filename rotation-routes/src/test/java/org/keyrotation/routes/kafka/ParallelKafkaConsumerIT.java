package org.keyrotation.routes.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
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
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.keyrotation.sandbox.SandboxBroker;
import org.keyrotation.sandbox.SandboxExtension;
import org.keyrotation.sandbox.TopicClient;

/** What the consumer takes from a real broker into its window, and when it gives that up. */
@ExtendWith(SandboxExtension.class)
@Execution(ExecutionMode.CONCURRENT)
class ParallelKafkaConsumerIT {

    private static final Duration SESSION = Duration.ofSeconds(6); // the least that a broker takes by default
    private static final Duration POLL = Duration.ofMillis(100);
    private static final int CAPACITY = 8;
    private static final int POLLED_AT_ONCE = 5;

    private final List<InFlightRecord> taken = new ArrayList<>();
    private final List<CompletableFuture<Void>> underWay = new ArrayList<>();
    private final InFlightRecords window = new InFlightRecords(
            CAPACITY, CAPACITY, FairQueue.unthrottled(), Runnable::run, Duration.ofHours(2), each -> {
                taken.add(each);
                underWay.add(new CompletableFuture<>());
                return underWay.get(underWay.size() - 1);
            });
    private final String topic = TopicClient.uniqueName("requests");
    private final String group = TopicClient.uniqueName("group");
    private SandboxBroker broker;

    @BeforeEach
    void takeTheBroker(SandboxBroker shared) {
        broker = shared;
    }

    @Tag("I5")
    @Test
    @DisplayName(
            "I5: while the window is full nothing more is fetched, and the consumer goes on polling and stays in its group")
    void whileTheWindowIsFullNothingMoreIsFetched() {
        requests(1, 50);
        try (ParallelKafkaConsumer consumer = consumer(properties("max.poll.interval.ms", "3000"))) {
            consumer.subscribe(List.of(topic), new Unmoved());
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
            while (System.nanoTime() < end) {
                poll(consumer);
            }

            assertThat(consumer.position(partition(0))).isBetween((long) CAPACITY, CAPACITY + POLLED_AT_ONCE - 1L);
            assertThat(consumer.groupMetadata().generationId()).isEqualTo(1);

            await().pollInSameThread().until(() -> {
                poll(consumer);
                List.copyOf(underWay).forEach(each -> each.complete(null));
                return taken.size() == 50;
            });
        }
    }

    @Test
    void whatHasToWaitIsBegunOnceItsOwnWaitIsOverAndInItsOrder() {
        requests(1, POLLED_AT_ONCE);
        CompletableFuture<Void> even = new CompletableFuture<>();
        CompletableFuture<Void> odd = new CompletableFuture<>();
        try (ParallelKafkaConsumer consumer = new ParallelKafkaConsumer(
                properties(),
                window,
                StartPolicy.UNTHROTTLED,
                () -> message -> message.offset() % 2 == 0 ? even : odd)) {
            consumer.subscribe(List.of(topic), new Unmoved());
            await().pollInSameThread().until(() -> poll(consumer) == POLLED_AT_ONCE);
            assertThat(taken).isEmpty();

            odd.complete(null);
            even.complete(null);
        }

        assertThat(taken).extracting(each -> each.consumerRecord().offset()).containsExactly(1L, 3L, 0L, 2L, 4L);
    }

    @Tag("I2")
    @Test
    @DisplayName(
            "I2: what was taken is given up where a session goes by in a rebalance, whoever has the partition then")
    void whatWasTakenIsGivenUpWhereASessionGoesByInARebalance() {
        requests(2, 1);
        LongHandover handover = new LongHandover();
        try (ParallelKafkaConsumer consumer = consumer(properties())) {
            consumer.subscribe(List.of(topic), handover);
            await().pollInSameThread().until(() -> {
                poll(consumer);
                return taken.size() == 2;
            });
            assertThat(taken).allMatch(each -> each.isHeld());

            try (Rival rival = new Rival()) {
                rival.join(topic, properties());
                await().pollInSameThread().atMost(Duration.ofMinutes(1)).until(() -> {
                    poll(consumer);
                    return handover.isOver;
                });
                assertThat(taken.subList(0, 2)).noneMatch(each -> each.isHeld());
            }
        }
    }

    /** So many of each partition. */
    private void requests(int partitions, int count) {
        broker.createTopic(topic, partitions, Map.of());
        IntStream.range(0, partitions)
                .forEach(partition -> IntStream.range(0, count).forEach(i -> broker.topics()
                        .send(new ProducerRecord<>(
                                topic, partition, ("Acme/" + partition + "-" + i).getBytes(UTF_8), new byte[0]))));
    }

    private TopicPartition partition(int number) {
        return new TopicPartition(topic, number);
    }

    private ParallelKafkaConsumer consumer(Properties properties) {
        return new ParallelKafkaConsumer(
                properties, window, StartPolicy.UNTHROTTLED, () -> message -> CompletableFuture.completedFuture(null));
    }

    /** Polls, and hands on as the route does. */
    private int poll(ParallelKafkaConsumer consumer) {
        var polled = consumer.poll(POLL);
        polled.forEach(message -> window.enqueue(partition(message.partition()), message.offset()));
        return polled.count();
    }

    private Properties properties(String... more) {
        Properties properties = new Properties();
        properties.putAll(Map.of(
                "bootstrap.servers", broker.bootstrapServers(),
                "group.id", group,
                "auto.offset.reset", "earliest",
                "enable.auto.commit", "false",
                "max.poll.records", String.valueOf(POLLED_AT_ONCE),
                "session.timeout.ms", String.valueOf(SESSION.toMillis()),
                "heartbeat.interval.ms", "500",
                "key.deserializer", ByteArrayDeserializer.class.getName(),
                "value.deserializer", ByteArrayDeserializer.class.getName(),
                "partition.assignment.strategy", CooperativeStickyAssignor.class.getName()));
        for (int i = 0; i < more.length; i += 2) {
            properties.put(more[i], more[i + 1]);
        }
        return properties;
    }

    /** Of Camel. */
    private static class Unmoved implements ConsumerRebalanceListener {
        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            // nothing to do
        }

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            // nothing to do
        }
    }

    /** It takes longer than a session to give a partition up, as where the brokers do not answer. */
    private static final class LongHandover extends Unmoved {
        private boolean begun;
        private boolean isOver;

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            if (!isOver) {
                begun = true;
                LockSupport.parkNanos(SESSION.plusSeconds(1).toNanos());
            }
        }

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            isOver = begun;
        }
    }

    /** Another instance, which takes a part of the partitions. */
    private static final class Rival implements AutoCloseable {
        private final AtomicBoolean closed = new AtomicBoolean();
        private CompletableFuture<Void> polling = CompletableFuture.completedFuture(null);

        void join(String topic, Properties properties) {
            polling = CompletableFuture.runAsync(() -> {
                try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(properties)) {
                    consumer.subscribe(List.of(topic));
                    while (!closed.get()) {
                        var unused = consumer.poll(POLL);
                    }
                }
            });
        }

        @Override
        public void close() {
            closed.set(true);
            polling.join();
        }
    }
}
