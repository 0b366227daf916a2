package org.keyrotation.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.keyrotation.routes.TestTopics.COMPANY;

import ch.qos.logback.classic.Level;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.camel.component.kafka.KafkaComponent;
import org.apache.camel.component.kafka.KafkaConfiguration;
import org.apache.camel.health.HealthCheck;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.internals.ConsumerCoordinator;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.keyrotation.sandbox.SimulatedManagementApi;

/** Requests that complete during a rebalance. */
@ExtendWith(TestTopicsExtension.class)
class RebalanceIT {

    private static final Duration SESSION_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration HEARTBEAT_INTERVAL = Duration.ofSeconds(1);

    @Test
    @Tag("I5")
    void recordsCompletedDuringALongRebalanceAreCommitted(SimulatedManagementApi api, TestTopics topics) {
        try (RunningRoutes routes = startWithShortSessionTimeout(topics);
                Consumer<byte[], byte[]> silent = member(topics);
                Consumer<byte[], byte[]> newcomer = member(topics)) {
            routes.await(() -> routes.health("rotation-topics").getState() == HealthCheck.State.UP); // it has joined
            awaitPartition(silent); // from now on it sends heartbeats, but does not poll
            List<String> retained = credentialsOfPartition(topics, 1 - partitionOf(silent));
            retained.forEach(id -> api.addCredential(COMPANY, id));
            joinRebalance(topics, newcomer); // it waits for the member that does not poll
            retained.forEach(topics::request);
            routes.await(() -> topics.rotated().size() == retained.size());
            assertThat(topics.requestLag())
                    .as("nothing is committed during the rebalance")
                    .isEqualTo(retained.size());
            routes.await(() -> routes.health("rotation-topics")
                    .getMessage()
                    .orElse("")
                    .contains("no heartbeat response within session.timeout.ms"));

            awaitPartition(newcomer);
            routes.awaitCommitted();
            routes.await(() -> routes.health("rotation-topics").getState() == HealthCheck.State.UP);
        }

        assertThat(api.truth().totalGenerations()).isEqualTo(5);
    }

    private static RunningRoutes startWithShortSessionTimeout(TestTopics topics) {
        RunningRoutes routes = RunningRoutes.unstarted(topics);
        KafkaConfiguration kafka =
                routes.context().getComponent("kafka", KafkaComponent.class).getConfiguration();
        kafka.setSessionTimeoutMs((int) SESSION_TIMEOUT.toMillis());
        kafka.setHeartbeatIntervalMs((int) HEARTBEAT_INTERVAL.toMillis());
        return routes.start(new RotationRoutes(topics.settings())).awaitIntake();
    }

    /** A member that a rebalance waits for, though it does not poll: longer than the rotations take on a busy machine. */
    private static Consumer<byte[], byte[]> member(TestTopics topics) {
        Consumer<byte[], byte[]> member = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        topics.broker().bootstrapServers(),
                        ConsumerConfig.GROUP_ID_CONFIG,
                        topics.group(),
                        ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
                        CooperativeStickyAssignor.class.getName(),
                        ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG,
                        (int) SESSION_TIMEOUT.multipliedBy(4).toMillis()),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        member.subscribe(List.of(topics.requestsTopic()));
        return member;
    }

    private static void awaitPartition(Consumer<byte[], byte[]> member) {
        await().atMost(TestTopics.TIMEOUT).until(() -> {
            member.poll(Duration.ofMillis(100));
            return !member.assignment().isEmpty();
        });
    }

    /** Until our consumer has joined the rebalance, the broker accepts its commits. */
    private static void joinRebalance(TestTopics topics, Consumer<byte[], byte[]> newcomer) {
        try (RecordedLogs logs = RecordedLogs.at(Map.of(ConsumerCoordinator.class.getName(), Level.INFO))) {
            await().atMost(TestTopics.TIMEOUT).until(() -> {
                newcomer.poll(Duration.ofMillis(100));
                return logs.lines().stream()
                        .anyMatch(line -> line.contains("clientId=key-rotation-" + topics.requestsTopic() + "-")
                                && line.contains("(Re-)joining group"));
            });
        }
    }

    private static int partitionOf(Consumer<byte[], byte[]> member) {
        return member.assignment().iterator().next().partition();
    }

    private static List<String> credentialsOfPartition(TestTopics topics, int partition) {
        return IntStream.range(0, 100)
                .mapToObj(i -> "S2-" + i)
                .filter(id -> topics.homePartition(id) == partition)
                .limit(5)
                .toList();
    }
}
