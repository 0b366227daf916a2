package org.keyrotation.routes;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.keyrotation.routes.TestTopics.COMPANY;

import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.keyrotation.model.RotationFailed;
import org.keyrotation.sandbox.SandboxBroker;
import org.keyrotation.sandbox.SandboxExtension;
import org.keyrotation.sandbox.SimulatedManagementApi;

/** One writer a credential: what is found in another partition than its home, or under another key, is sent there first. */
@ExtendWith(SandboxExtension.class)
class HomePartitionIT {

    private static final int PARTITIONS = 4;

    private SandboxBroker broker;
    private SimulatedManagementApi api;
    private TestTopics lane;

    @BeforeEach
    void openALane(SandboxBroker shared, SimulatedManagementApi fresh) {
        broker = shared;
        api = fresh;
        IntStream.range(0, 8).forEach(i -> api.addCredential(COMPANY, "S2-" + i));
        lane = TestTopics.of(shared, fresh).with("rotation.topics.partitions", Integer.toString(PARTITIONS));
    }

    record Producer(String name, BiFunction<String, Integer, @Nullable String> key) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Producer> producersWithTheirOwnIdeas() {
        return Stream.of(
                new Producer("no key", (id, i) -> null),
                new Producer("another key", (id, i) -> "all-the-same"),
                new Producer("another partitioner", (id, i) -> COMPANY + "/" + id));
    }

    @ParameterizedTest(name = "I1, I2: {0}")
    @MethodSource("producersWithTheirOwnIdeas")
    void eachRequestIsHandledInItsHomePartitionAndRotatesOnce(Producer producer) {
        lane.handle(
                () -> IntStream.range(0, 8).forEach(i -> send(producer.key.apply("S2-" + i, i), i % PARTITIONS, i)));

        assertThat(lane.rotated())
                .extracting(event -> event.apiCredentialId())
                .hasSize(8)
                .doesNotHaveDuplicates();
        assertThat(api.truth().totalGenerations()).isEqualTo(8);
        List<ConsumerRecord<byte[], byte[]>> forwarded = forwarded();
        assertThat(forwarded).isNotEmpty().allSatisfy(message -> {
            String id = new String(message.key(), UTF_8).substring(COMPANY.length() + 1);
            assertThat(message.partition()).isEqualTo(lane.homeOf(id));
        });
        assertThat(forwarded.size()).isEqualTo((int) IntStream.range(0, 8)
                .filter(i -> lane.homeOf("S2-" + i) != i % PARTITIONS
                        || !(COMPANY + "/S2-" + i).equals(producer.key.apply("S2-" + i, i)))
                .count());
    }

    @Test
    @DisplayName("I1: a failure tells where the request was found first, not where it was sent")
    void aFailureTellsWhereTheRequestWasFoundFirst() {
        int elsewhere = (lane.homeOf("S2-unknown") + 1) % PARTITIONS;

        lane.handle(() -> send(null, elsewhere, "{\"companyId\":\"AcmeCorp\",\"apiCredentialId\":\"S2-unknown\"}"));

        RotationFailed failed = lane.failed().get(0);
        assertThat(failed.source()).hasToString(lane.requestsTopic() + "-" + elsewhere + "-0");
        assertThat(failed.requestId()).isEqualTo(lane.requestsTopic() + "-" + elsewhere + "-0");
    }

    private List<ConsumerRecord<byte[], byte[]>> forwarded() {
        return lane.records(lane.requestsTopic()).stream()
                .filter(message -> message.headers().lastHeader("rotation-source") != null)
                .toList();
    }

    private void send(@Nullable String key, int partition, int i) {
        send(
                key,
                partition,
                "{\"companyId\":\"AcmeCorp\",\"apiCredentialId\":\"S2-%d\",\"requestId\":\"r-%d\"}".formatted(i, i));
    }

    private void send(@Nullable String key, int partition, String json) {
        broker.topics()
                .send(new ProducerRecord<>(
                        lane.requestsTopic(),
                        partition,
                        key == null ? null : key.getBytes(UTF_8),
                        json.getBytes(UTF_8)));
    }
}
