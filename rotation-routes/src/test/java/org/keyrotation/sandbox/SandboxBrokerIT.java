package org.keyrotation.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SandboxExtension.class)
class SandboxBrokerIT {

    @Test
    void recordIsReadWithItsHeaders(SandboxBroker broker, TopicClient topics) {
        String topic = newTopic(broker, 3);
        Header header = new RecordHeader("h", bytes("1"));

        topics.send(topic, bytes("key"), bytes("value"), List.of(header));
        topics.send(topic, bytes("key"), null);

        assertThat(topics.readAll(topic))
                .extracting(ConsumerRecord::key, ConsumerRecord::value)
                .containsExactly(tuple(bytes("key"), bytes("value")), tuple(bytes("key"), null));
        assertThat(topics.readAll(topic).get(0).headers()).containsExactly(header);
    }

    @Test
    void emptyTopicIsReadAtOnce(SandboxBroker broker, TopicClient topics) {
        assertThat(topics.readAll(newTopic(broker, 2))).isEmpty();
    }

    @Test
    void lagIsTheNumberOfUncommittedRecords(SandboxBroker broker, TopicClient topics) {
        String topic = newTopic(broker, 1);
        topics.send(topic, null, bytes("1"));
        topics.send(topic, null, bytes("2"));
        assertThat(topics.lag("readers", topic)).isEqualTo(2);

        commit(broker, new TopicPartition(topic, 0), 1);

        assertThat(topics.lag("readers", topic)).isEqualTo(1);
        assertThat(topics.committed("readers", topic)).containsExactly(Map.entry(new TopicPartition(topic, 0), 1L));
    }

    @Test
    void restartKeepsTheData(SandboxBroker broker, TopicClient topics) {
        String topic = newTopic(broker, 2);
        String address = broker.bootstrapServers();
        topics.send(topic, bytes("key"), bytes("before"));

        broker.stop();
        broker.restart();
        topics.send(topic, bytes("key"), bytes("after"));

        assertThat(broker.bootstrapServers()).isEqualTo(address);
        assertThat(topics.readAll(topic))
                .extracting(message -> new String(message.value(), UTF_8))
                .containsExactly("before", "after");
    }

    @Test
    void missingTopicIsNotCreatedAutomatically(TopicClient topics) {
        assertThatThrownBy(() -> topics.readAll(TopicClient.uniqueName("absent")))
                .hasCauseInstanceOf(UnknownTopicOrPartitionException.class);
    }

    @Test
    void twoBrokersAreIndependent(TopicClient topics) {
        try (SandboxBroker other = SandboxBroker.start()) {
            String topic = newTopic(other, 1);
            other.topics().send(topic, null, bytes("1"));

            assertThat(other.topics().readAll(topic)).hasSize(1);
            assertThatThrownBy(() -> topics.readAll(topic)).hasCauseInstanceOf(UnknownTopicOrPartitionException.class);
        }
    }

    private static String newTopic(SandboxBroker broker, int partitions) {
        String topic = TopicClient.uniqueName("sandbox");
        broker.createTopic(topic, partitions, Map.of("retention.ms", "-1"));
        return topic;
    }

    private static void commit(SandboxBroker broker, TopicPartition partition, long offset) {
        Map<String, Object> settings = Map.of("bootstrap.servers", broker.bootstrapServers(), "group.id", "readers");
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.commitSync(Map.of(partition, new OffsetAndMetadata(offset)));
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }
}
