package org.keyrotation.routes.adoption;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsResult;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.keyrotation.routes.kafka.KafkaClients;
import org.keyrotation.routes.ledger.KeyRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** The committed offsets of the expected consumers on the keys topic, of those whose names are also names of consumer groups. */
final class GroupOffsets {

    private static final Logger LOG = LoggerFactory.getLogger(GroupOffsets.class);

    private final KafkaClients clients;
    private final String keysTopic;
    private final Collection<String> consumers;

    /** The consumers whose offsets could not be looked up the last time: each is logged once. */
    private final Set<String> unknown = new HashSet<>();

    private final Map<String, Map<TopicPartition, OffsetAndMetadata>> committed = new ConcurrentHashMap<>();

    GroupOffsets(KafkaClients clients, String keysTopic, Collection<String> consumers) {
        this.clients = clients;
        this.keysTopic = keysTopic;
        this.consumers = List.copyOf(consumers);
    }

    /** Looks the offsets up. Those of a group that may not be described stay as they are: unknown at first. */
    void update() throws InterruptedException {
        Map<String, ListConsumerGroupOffsetsSpec> groups = consumers.stream()
                .collect(Collectors.toMap(Function.identity(), group -> new ListConsumerGroupOffsetsSpec()));
        try (Admin admin = clients.admin()) {
            ListConsumerGroupOffsetsResult result = admin.listConsumerGroupOffsets(groups);
            for (String consumer : consumers) {
                update(consumer, result);
            }
        }
    }

    private void update(String consumer, ListConsumerGroupOffsetsResult result) throws InterruptedException {
        try {
            committed.put(
                    consumer, result.partitionsToOffsetAndMetadata(consumer).get());
            unknown.remove(consumer);
        } catch (ExecutionException e) {
            LOG.atLevel(unknown.add(consumer) ? Level.WARN : Level.DEBUG)
                    .log(
                            "Cannot look up the offsets of consumer group {}, whether it has received a key is unknown: {}",
                            consumer,
                            KafkaClients.reason(e));
        }
    }

    /** Whether the consumer is known to have committed an offset behind the record of a key. */
    boolean isReceived(String consumer, @Nullable KeyRecord keyRecord) {
        if (keyRecord == null) {
            return false;
        }
        OffsetAndMetadata offset =
                committed.getOrDefault(consumer, Map.of()).get(new TopicPartition(keysTopic, keyRecord.partition()));
        return offset != null && offset.offset() > keyRecord.offset();
    }
}
