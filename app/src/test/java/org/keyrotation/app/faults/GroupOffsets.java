package org.keyrotation.app.faults;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupListing;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;

/** The offsets of the app's group and of every group whose name starts with its name. */
final class GroupOffsets implements AutoCloseable {

    private final Admin admin;
    private final String group;

    GroupOffsets(String bootstrapServers, String group) {
        this.admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers));
        this.group = group;
    }

    /** The number of uncommitted records by topic. */
    Map<String, Long> uncommitted(Predicate<String> topics) {
        Map<TopicPartition, Long> committed = committed();
        Map<String, Long> lag = new HashMap<>();
        endOffsets(topics)
                .forEach((partition, end) -> lag.merge(
                        partition.topic(), Math.max(0, end - committed.getOrDefault(partition, 0L)), Long::sum));
        return lag;
    }

    /** The end offset of each partition. */
    Map<TopicPartition, Long> endOffsets(Predicate<String> topics) {
        List<String> names =
                await(admin.listTopics().names()).stream().filter(topics).toList();
        Map<TopicPartition, OffsetSpec> latest = await(
                        admin.describeTopics(names).allTopicNames())
                .values()
                .stream()
                .flatMap(topic -> topic.partitions().stream()
                        .map(partition -> new TopicPartition(topic.name(), partition.partition())))
                .collect(Collectors.toMap(partition -> partition, partition -> OffsetSpec.latest()));
        return await(admin.listOffsets(latest).all()).entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, end -> offset(end.getValue())));
    }

    /** The sum of all end offsets. */
    long recordCount(Predicate<String> topics) {
        return endOffsets(topics).values().stream().mapToLong(Long::longValue).sum();
    }

    /** Resets the committed offsets to the earliest records. The group must be empty. */
    void reset() {
        for (String each : groups()) {
            Map<TopicPartition, OffsetAndMetadata> beginnings =
                    await(admin.listConsumerGroupOffsets(each).partitionsToOffsetAndMetadata()).keySet().stream()
                            .collect(Collectors.toMap(partition -> partition, partition -> new OffsetAndMetadata(0)));
            await(admin.alterConsumerGroupOffsets(each, beginnings).all());
        }
    }

    /** The number of consumers, with or without partitions. */
    long members() {
        return await(admin.describeConsumerGroups(groups()).all()).values().stream()
                .mapToLong(described -> described.members().size())
                .sum();
    }

    private Map<TopicPartition, Long> committed() {
        Map<TopicPartition, Long> committed = new HashMap<>();
        for (String each : groups()) {
            await(admin.listConsumerGroupOffsets(each).partitionsToOffsetAndMetadata())
                    .forEach((partition, offset) -> committed.merge(partition, offset.offset(), Math::max));
        }
        return committed;
    }

    private List<String> groups() {
        return await(admin.listConsumerGroups().all()).stream()
                .map(ConsumerGroupListing::groupId)
                .filter(id -> id.equals(group) || id.startsWith(group + "-") || id.startsWith(group + "."))
                .toList();
    }

    private static long offset(ListOffsetsResultInfo end) {
        return end.offset();
    }

    private static <T> T await(KafkaFuture<T> future) {
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        admin.close();
    }
}
