package org.keyrotation.sandbox;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;

/** What {@link Topics} asks of the broker's administration; each call has a connection of its own. */
final class TopicAdmin {

    private final String bootstrapServers;

    TopicAdmin(String bootstrapServers) {
        this.bootstrapServers = bootstrapServers;
    }

    void create(String topic, int partitions, Map<String, String> configs) {
        NewTopic wanted = new NewTopic(topic, Optional.of(partitions), Optional.empty()).configs(configs);
        ask(admin -> admin.createTopics(List.of(wanted)).all());
        // Only a leader answers for the end of its partition. Sending earlier can lose a batch (KAFKA-15591). Until all
        // of the broker knows the topic, it may say that there is none.
        Awaitility.await()
                .atMost(Duration.ofMinutes(3))
                .ignoreException(IllegalStateException.class)
                .until(() -> ends(topic).size() == partitions);
    }

    void delete(Collection<String> topics) {
        ask(admin -> admin.deleteTopics(topics).all());
    }

    Set<String> names() {
        return ask(admin -> admin.listTopics().names());
    }

    Map<TopicPartition, Long> ends(String topic) {
        Map<TopicPartition, OffsetSpec> latest =
                ask(admin -> admin.describeTopics(List.of(topic)).allTopicNames()).values().stream()
                        .flatMap(description -> description.partitions().stream())
                        .collect(Collectors.toMap(
                                partition -> new TopicPartition(topic, partition.partition()),
                                partition -> OffsetSpec.latest()));
        Map<TopicPartition, Long> ends = new HashMap<>();
        ask(admin -> admin.listOffsets(latest).all()).forEach((partition, end) -> ends.put(partition, end.offset()));
        return ends;
    }

    Map<TopicPartition, Long> committed(String group) {
        Map<TopicPartition, Long> committed = new HashMap<>();
        ask(admin -> admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata())
                .forEach((partition, offset) -> committed.put(partition, offset.offset()));
        return committed;
    }

    /** A group that nobody is in may not be there at all. */
    long readers(String group) {
        boolean there = ask(admin -> admin.listConsumerGroups().all()).stream()
                .anyMatch(listed -> listed.groupId().equals(group));
        return there ? membersWithPartitions(group) : 0;
    }

    private long membersWithPartitions(String group) {
        return ask(admin -> admin.describeConsumerGroups(List.of(group)).all()).values().stream()
                .flatMap(described -> described.members().stream())
                .filter(member -> !member.assignment().topicPartitions().isEmpty())
                .count();
    }

    private <T> T ask(Function<Admin, KafkaFuture<T>> question) {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers, "retry.backoff.ms", "20"))) {
            return Patience.await(question.apply(admin));
        }
    }
}
