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
import org.apache.kafka.common.acl.AclBinding;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** The administrative requests of {@link TopicClient}. */
final class TopicAdmin implements AutoCloseable {

    private final String bootstrapServers;
    private @Nullable Admin admin;

    TopicAdmin(String bootstrapServers) {
        this.bootstrapServers = bootstrapServers;
    }

    void create(String topic, int partitions, Map<String, String> configs) {
        NewTopic newTopic = new NewTopic(topic, Optional.of(partitions), Optional.empty()).configs(configs);
        call(admin -> admin.createTopics(List.of(newTopic)).all());
        // Only a leader returns the end offset of its partition, and sending earlier can lose a batch (KAFKA-15591).
        // The broker may report an unknown topic until all its parts have the metadata.
        Awaitility.await()
                .atMost(Duration.ofMinutes(3))
                .ignoreException(IllegalStateException.class)
                .until(() -> endOffsets(topic).size() == partitions);
    }

    void addAcls(Collection<AclBinding> acls) {
        call(admin -> admin.createAcls(acls).all());
        acls.forEach(acl -> awaitAcls(acl, 1));
    }

    void deleteAcls(Collection<AclBinding> acls) {
        call(admin -> admin.deleteAcls(acls.stream().map(AclBinding::toFilter).toList())
                .all());
        acls.forEach(acl -> awaitAcls(acl, 0));
    }

    private void awaitAcls(AclBinding acl, int count) {
        Awaitility.await(acl.toString())
                .atMost(Duration.ofMinutes(3))
                .until(() -> call(admin -> admin.describeAcls(acl.toFilter()).values())
                                .size()
                        == count);
    }

    void delete(Collection<String> topics) {
        call(admin -> admin.deleteTopics(topics).all());
    }

    Set<String> names() {
        return call(admin -> admin.listTopics().names());
    }

    Map<TopicPartition, Long> endOffsets(String topic) {
        Map<TopicPartition, OffsetSpec> latest =
                call(admin -> admin.describeTopics(List.of(topic)).allTopicNames()).values().stream()
                        .flatMap(description -> description.partitions().stream())
                        .collect(Collectors.toMap(
                                partition -> new TopicPartition(topic, partition.partition()),
                                partition -> OffsetSpec.latest()));
        Map<TopicPartition, Long> endOffsets = new HashMap<>();
        call(admin -> admin.listOffsets(latest).all())
                .forEach((partition, end) -> endOffsets.put(partition, end.offset()));
        return endOffsets;
    }

    Map<TopicPartition, Long> committedOffsets(String group) {
        Map<TopicPartition, Long> committedOffsets = new HashMap<>();
        call(admin -> admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata())
                .forEach((partition, offset) -> committedOffsets.put(partition, offset.offset()));
        return committedOffsets;
    }

    /** The group may not exist while it has no member. */
    long activeMembers(String group) {
        boolean exists = call(admin -> admin.listConsumerGroups().all()).stream()
                .anyMatch(listed -> listed.groupId().equals(group));
        return exists ? membersWithPartitions(group) : 0;
    }

    private long membersWithPartitions(String group) {
        return call(admin -> admin.describeConsumerGroups(List.of(group)).all()).values().stream()
                .flatMap(described -> described.members().stream())
                .filter(member -> !member.assignment().topicPartitions().isEmpty())
                .count();
    }

    private <T> T call(Function<Admin, KafkaFuture<T>> request) {
        return Futures.await(request.apply(admin()));
    }

    private synchronized Admin admin() {
        Admin current = admin;
        if (current == null) {
            current = Admin.create(Map.of("bootstrap.servers", bootstrapServers, "retry.backoff.ms", "20"));
            admin = current;
        }
        return current;
    }

    @Override
    public synchronized void close() {
        Optional.ofNullable(admin).ifPresent(Admin::close);
        admin = null;
    }
}
