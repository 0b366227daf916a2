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
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.keyrotation.model.RotationFailed;
import org.keyrotation.sandbox.SandboxBroker;
import org.keyrotation.sandbox.SimulatedManagementApi;

/** Misrouted requests, in another partition or with another key, are forwarded to their home partition first. */
@ExtendWith(TestTopicsExtension.class)
class HomePartitionIT {

    private static final int PARTITIONS = 4;

    private final SandboxBroker broker;
    private final SimulatedManagementApi api;
    private final TestTopics topics;

    HomePartitionIT(SandboxBroker broker, SimulatedManagementApi api, TestTopics topics) {
        this.broker = broker;
        this.api = api;
        this.topics = topics.with("rotation.topics.partitions", Integer.toString(PARTITIONS));
        IntStream.range(0, 8).forEach(i -> api.addCredential(COMPANY, "S2-" + i));
    }

    record Producer(String name, BiFunction<String, Integer, @Nullable String> key) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Producer> misroutingProducers() {
        return Stream.of(
                new Producer("no key", (id, i) -> null),
                new Producer("another key", (id, i) -> "all-the-same"),
                new Producer("another partitioner", (id, i) -> COMPANY + "/" + id));
    }

    @ParameterizedTest
    @MethodSource("misroutingProducers")
    @Tag("I1")
    @Tag("I2")
    void misroutedRequestIsForwardedAndRotatedOnce(Producer producer) {
        topics.processAll(
                () -> IntStream.range(0, 8).forEach(i -> send(producer.key().apply("S2-" + i, i), i % PARTITIONS, i)));

        assertThat(topics.rotated())
                .extracting(event -> event.apiCredentialId())
                .hasSize(8)
                .doesNotHaveDuplicates();
        assertThat(api.truth().totalGenerations()).isEqualTo(8);
        List<ConsumerRecord<byte[], byte[]>> forwarded = forwarded();
        assertThat(forwarded).isNotEmpty().allSatisfy(message -> {
            String id = new String(message.key(), UTF_8).substring(COMPANY.length() + 1);
            assertThat(message.partition()).isEqualTo(topics.homePartition(id));
        });
        assertThat(forwarded.size()).isEqualTo((int) IntStream.range(0, 8)
                .filter(i -> topics.homePartition("S2-" + i) != i % PARTITIONS
                        || !(COMPANY + "/S2-" + i).equals(producer.key().apply("S2-" + i, i)))
                .count());
    }

    @Test
    @Tag("I1")
    void failureNamesTheOriginalSource() {
        int elsewhere = (topics.homePartition("S2-unknown") + 1) % PARTITIONS;

        topics.processAll(
                () -> send(null, elsewhere, "{\"companyId\":\"AcmeCorp\",\"apiCredentialId\":\"S2-unknown\"}"));

        RotationFailed failed = topics.failed().get(0);
        assertThat(failed.source()).hasToString(topics.requestsTopic() + "-" + elsewhere + "-0");
        assertThat(failed.requestId()).isEqualTo(topics.requestsTopic() + "-" + elsewhere + "-0");
    }

    private List<ConsumerRecord<byte[], byte[]>> forwarded() {
        return topics.records(topics.requestsTopic()).stream()
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
                        topics.requestsTopic(),
                        partition,
                        key == null ? null : key.getBytes(UTF_8),
                        json.getBytes(UTF_8)));
    }
}
