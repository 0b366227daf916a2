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

/** What the app's groups have committed: the group it is told, and any whose name begins with that one's. */
final class GroupOffsets implements AutoCloseable {

    private final Admin admin;
    private final String group;

    GroupOffsets(String bootstrapServers, String group) {
        this.admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers));
        this.group = group;
    }

    /** How many records are still to commit, by topic. */
    Map<String, Long> uncommitted(Predicate<String> topics) {
        Map<TopicPartition, Long> committed = committed();
        Map<String, Long> lag = new HashMap<>();
        ends(topics)
                .forEach((partition, end) -> lag.merge(
                        partition.topic(), Math.max(0, end - committed.getOrDefault(partition, 0L)), Long::sum));
        return lag;
    }

    /** How many records were ever written, by partition. */
    Map<TopicPartition, Long> ends(Predicate<String> topics) {
        List<String> names =
                ask(admin.listTopics().names()).stream().filter(topics).toList();
        Map<TopicPartition, OffsetSpec> latest = ask(admin.describeTopics(names).allTopicNames()).values().stream()
                .flatMap(topic -> topic.partitions().stream()
                        .map(partition -> new TopicPartition(topic.name(), partition.partition())))
                .collect(Collectors.toMap(partition -> partition, partition -> OffsetSpec.latest()));
        return ask(admin.listOffsets(latest).all()).entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, end -> offset(end.getValue())));
    }

    /** How many records were ever written. */
    long written(Predicate<String> topics) {
        return ends(topics).values().stream().mapToLong(Long::longValue).sum();
    }

    /** Back to the earliest records; the group must have no member. */
    void reset() {
        for (String each : groups()) {
            Map<TopicPartition, OffsetAndMetadata> beginnings =
                    ask(admin.listConsumerGroupOffsets(each).partitionsToOffsetAndMetadata()).keySet().stream()
                            .collect(Collectors.toMap(partition -> partition, partition -> new OffsetAndMetadata(0)));
            ask(admin.alterConsumerGroupOffsets(each, beginnings).all());
        }
    }

    /** How many consumers there are, with partitions or without. */
    long members() {
        return ask(admin.describeConsumerGroups(groups()).all()).values().stream()
                .mapToLong(described -> described.members().size())
                .sum();
    }

    private Map<TopicPartition, Long> committed() {
        Map<TopicPartition, Long> committed = new HashMap<>();
        for (String each : groups()) {
            ask(admin.listConsumerGroupOffsets(each).partitionsToOffsetAndMetadata())
                    .forEach((partition, offset) -> committed.merge(partition, offset.offset(), Math::max));
        }
        return committed;
    }

    private List<String> groups() {
        return ask(admin.listConsumerGroups().all()).stream()
                .map(ConsumerGroupListing::groupId)
                .filter(id -> id.equals(group) || id.startsWith(group + "-") || id.startsWith(group + "."))
                .toList();
    }

    private static long offset(ListOffsetsResultInfo end) {
        return end.offset();
    }

    private static <T> T ask(KafkaFuture<T> answer) {
        try {
            return answer.get();
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
