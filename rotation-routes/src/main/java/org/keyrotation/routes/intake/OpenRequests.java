package org.keyrotation.routes.intake;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.keyrotation.model.RequestSource;
import org.keyrotation.model.RotationRequest;
import org.keyrotation.model.UnreadableRequestException;
import org.keyrotation.routes.kafka.KafkaClients;
import org.keyrotation.routes.retry.RetryMetadata;
import org.keyrotation.routes.retry.RetrySettings;

/**
 * A reader of the open requests: those on the requests topic and the retry topics that their consumer group has not
 * committed. It is no member of the group, and takes no request from an instance.
 */
public final class OpenRequests {

    private static final Duration READ_TIMEOUT = Duration.ofSeconds(30);
    private static final Duration POLL_TIMEOUT = Duration.ofMillis(100);

    private static final Map<String, Object> CONSUMER = Map.of(
            ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, "10000",
            ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, "5000",
            // A close waits for the fetch that is in flight, which has nothing to return at the end of a topic.
            ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, "20");

    private final KafkaClients clients;
    private final Map<String, String> groupIds = new LinkedHashMap<>();
    private final RequestParser parser;
    private final Clock clock;

    public OpenRequests(CamelContext context, IntakeSettings intake, RetrySettings retry, Clock clock) {
        this.clients = new KafkaClients(context);
        this.parser = new RequestParser(clock);
        this.clock = clock;
        groupIds.put(intake.requestsTopic(), intake.groupId());
        retry.topics().forEach(topic -> groupIds.put(topic.name(), retry.groupIdOf(topic.name())));
    }

    /**
     * Returns the requests that are open now. A request that is on two topics, because it returns from one to the other,
     * appears twice.
     *
     * @throws IllegalStateException if the brokers do not answer in time
     */
    public List<OpenRequest> read() throws InterruptedException {
        try (Admin admin = clients.admin();
                Consumer<byte[], byte[]> consumer = clients.consumer(CONSUMER)) {
            // Committed offsets first: a request that completes meanwhile is reported as open, and none is missed.
            Map<TopicPartition, Long> committed = committed(admin);
            return read(consumer, committed);
        } catch (ExecutionException | KafkaException e) {
            throw new IllegalStateException(clients.noAnswer(e), e);
        }
    }

    private Map<TopicPartition, Long> committed(Admin admin) throws InterruptedException, ExecutionException {
        Map<String, ListConsumerGroupOffsetsSpec> groups = groupIds.values().stream()
                .collect(Collectors.toMap(Function.identity(), group -> new ListConsumerGroupOffsetsSpec()));
        Map<TopicPartition, Long> committed = new HashMap<>();
        for (Map<TopicPartition, OffsetAndMetadata> offsets :
                admin.listConsumerGroupOffsets(groups).all().get().values()) {
            offsets.forEach((partition, offset) -> {
                if (offset != null) {
                    committed.put(partition, offset.offset());
                }
            });
        }
        return committed;
    }

    private List<OpenRequest> read(Consumer<byte[], byte[]> consumer, Map<TopicPartition, Long> committed) {
        List<TopicPartition> partitions = groupIds.keySet().stream()
                .flatMap(topic -> consumer.partitionsFor(topic).stream())
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList();
        Map<TopicPartition, Long> ends = new HashMap<>(consumer.endOffsets(partitions));
        consumer.assign(partitions);
        consumer.beginningOffsets(partitions).forEach((partition, earliest) -> {
            long end = ends.getOrDefault(partition, earliest);
            long start = committed.getOrDefault(partition, earliest);
            // As for the group's own consumer, the earliest offset stands for a committed one that does not exist any
            // more.
            consumer.seek(partition, start < earliest || start > end ? earliest : start);
        });
        return poll(consumer, ends);
    }

    private List<OpenRequest> poll(Consumer<byte[], byte[]> consumer, Map<TopicPartition, Long> ends) {
        List<OpenRequest> open = new ArrayList<>();
        Instant deadline = Instant.now().plus(READ_TIMEOUT);
        while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
            if (Instant.now().isAfter(deadline)) {
                throw new TimeoutException(
                        "The open requests on %s cannot be read within %s".formatted(groupIds.keySet(), READ_TIMEOUT));
            }
            consumer.poll(POLL_TIMEOUT).forEach(each -> open.add(openRequest(each)));
        }
        return open;
    }

    private OpenRequest openRequest(ConsumerRecord<byte[], byte[]> polled) {
        RequestSource foundAt = new RequestSource(polled.topic(), polled.partition(), polled.offset());
        RetryMetadata metadata = RetryMetadata.read(polled, clock.instant());
        RequestSource source = metadata.source() == null ? foundAt : metadata.source();
        return new OpenRequest(
                source, request(polled, foundAt), metadata.count(), metadata.lastError(), metadata.producedAt());
    }

    @SuppressWarnings("UnusedException") // the failure of an unreadable request tells its reason
    private @Nullable RotationRequest request(ConsumerRecord<byte[], byte[]> polled, RequestSource foundAt) {
        try {
            return parser.request(polled, foundAt);
        } catch (UnreadableRequestException e) {
            return null;
        }
    }
}
