package org.keyrotation.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.keyrotation.routes.TestTopics.COMPANY;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.camel.component.kafka.KafkaComponent;
import org.apache.camel.component.kafka.KafkaConfiguration;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.keyrotation.sandbox.SandboxBroker;
import org.keyrotation.sandbox.SandboxExtension;
import org.keyrotation.sandbox.SimulatedManagementApi;

/** What happens to requests while the partitions are given out anew. */
@ExtendWith(SandboxExtension.class)
class RebalanceIT {

    private static final Duration SESSION_TIMEOUT = Duration.ofSeconds(6);

    @Test
    @DisplayName("I5: what is done while a rebalance takes longer than a session is committed after it")
    void whatIsDoneDuringALongRebalanceIsCommittedAfterIt(SandboxBroker broker, SimulatedManagementApi api) {
        TestTopics lane = TestTopics.of(broker, api);
        try (RunningRoutes routes = startWithAShortSession(lane);
                Consumer<byte[], byte[]> asleep = member(lane);
                Consumer<byte[], byte[]> newcomer = member(lane)) {
            awaitPartition(asleep); // and from then on it sends heartbeats, but does not poll
            List<String> kept = credentialsAtHomeIn(lane, 1 - partitionOf(asleep));
            kept.forEach(id -> api.addCredential(COMPANY, id));
            newcomer.poll(Duration.ofMillis(500)); // has the group wait for the one that is asleep
            kept.forEach(lane::request);
            routes.await(() -> lane.rotated().size() == kept.size());
            assertThat(lane.lagOfRequests())
                    .as("nothing is committed meanwhile")
                    .isEqualTo(kept.size());

            awaitPartition(newcomer);
            routes.awaitCommitted();
        }

        assertThat(api.truth().totalGenerations()).isEqualTo(5);
    }

    private static RunningRoutes startWithAShortSession(TestTopics lane) {
        RunningRoutes routes = RunningRoutes.notStarted(lane);
        KafkaConfiguration kafka =
                routes.context().getComponent("kafka", KafkaComponent.class).getConfiguration();
        kafka.setSessionTimeoutMs((int) SESSION_TIMEOUT.toMillis());
        kafka.setHeartbeatIntervalMs(1_000);
        return routes.start(new RotationRoutes(lane.settings())).awaitOpen();
    }

    /** Is waited for in a rebalance, though it does not poll, for twice a session. */
    private static Consumer<byte[], byte[]> member(TestTopics lane) {
        Consumer<byte[], byte[]> member = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        lane.broker().bootstrapServers(),
                        ConsumerConfig.GROUP_ID_CONFIG,
                        lane.group(),
                        ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
                        CooperativeStickyAssignor.class.getName(),
                        ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG,
                        (int) SESSION_TIMEOUT.multipliedBy(2).toMillis()),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        member.subscribe(List.of(lane.requestsTopic()));
        return member;
    }

    private static void awaitPartition(Consumer<byte[], byte[]> member) {
        await().atMost(TestTopics.PATIENCE).until(() -> {
            member.poll(Duration.ofMillis(100));
            return !member.assignment().isEmpty();
        });
    }

    private static int partitionOf(Consumer<byte[], byte[]> member) {
        return member.assignment().iterator().next().partition();
    }

    private static List<String> credentialsAtHomeIn(TestTopics lane, int partition) {
        return IntStream.range(0, 100)
                .mapToObj(i -> "S2-" + i)
                .filter(id -> lane.homeOf(id) == partition)
                .limit(5)
                .toList();
    }
}
