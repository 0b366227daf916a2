package org.keyrotation.routes.kafka;

import static org.apache.camel.builder.endpoint.StaticEndpointBuilders.kafka;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.Route;
import org.apache.camel.ServiceStatus;
import org.apache.camel.ShutdownRunningTask;
import org.apache.camel.builder.endpoint.dsl.KafkaEndpointBuilderFactory.KafkaEndpointConsumerBuilder;
import org.apache.camel.component.kafka.DefaultKafkaClientFactory;
import org.apache.camel.component.kafka.KafkaEndpoint;
import org.apache.camel.component.kafka.KafkaHeaderFilterStrategy;
import org.apache.camel.component.kafka.PollOnError;
import org.apache.camel.component.kafka.serde.DefaultKafkaHeaderDeserializer;
import org.apache.camel.spi.ShutdownAware;
import org.apache.camel.support.service.ServiceSupport;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.keyrotation.routes.camel.ThreadPools;

/**
 * A consumer of one topic that processes records in parallel, in the order of each key. It sends each record as an {@link
 * InFlightRecord} to the handler route, and commits its offset once that route has called {@link #complete}.
 *
 * <pre>{@code
 * from(consumer.endpoint())          // the consuming route
 *     .process(consumer.enqueue())
 *
 * from(handler)                      // the handler route, started by the consumer
 *     ...
 *     .process(ParallelConsumer::complete)
 * }</pre>
 */
public final class ParallelConsumer {

    private static final Duration SLOW_START_TIMEOUT = Duration.ofSeconds(2);

    /** A poll that waits for records delays a stop and a commit, neither of which interrupts it. */
    private static final long POLL_TIMEOUT_MS = 100;

    private enum Completed {
        INSTANCE
    }

    private final Settings settings;
    private final StartPolicy policy;
    private final StartCondition startCondition;
    private final InFlightRecords inFlightRecords;
    private final ClientFactory clientFactory = new ClientFactory();

    /**
     * Settings of one consumer.
     *
     * @param topic the topic that it consumes
     * @param groupId its consumer group
     * @param capacity the number of incomplete records at which it stops fetching
     * @param maxConcurrency the number of records in flight
     * @param handler the URI of the handler route
     * @param autoOffsetReset where a group without committed offsets starts: {@code earliest}, {@code latest} or {@code none}
     */
    public record Settings(
            String topic, String groupId, int capacity, int maxConcurrency, String handler, String autoOffsetReset) {

        /** Settings of a consumer that skips no record of its topic. */
        public Settings(String topic, String groupId, int capacity, int maxConcurrency, String handler) {
            this(topic, groupId, capacity, maxConcurrency, handler, "earliest");
        }
    }

    public ParallelConsumer(
            CamelContext context,
            ThreadPools pools,
            Settings settings,
            StartPolicy policy,
            StartCondition startCondition) {
        this.settings = settings;
        this.policy = policy;
        this.startCondition = startCondition;
        long start = System.nanoTime();
        Endpoint handler = context.getEndpoint(settings.handler());
        ProducerTemplate template = context.createProducerTemplate();
        template.setExecutorService(pools.routing());
        this.inFlightRecords = new InFlightRecords(
                settings.capacity(),
                settings.maxConcurrency(),
                new FairQueue(policy, settings.maxConcurrency(), () -> System.nanoTime() - start),
                pools.routing(),
                SLOW_START_TIMEOUT,
                inFlightRecord -> process(template, handler, inFlightRecord));
    }

    /**
     * Returns the endpoint of the consuming route. Camel commits nothing. A failure before {@link #enqueue} makes Camel's
     * consumer seek back to the last committed offset, so that the record is polled again rather than lost. {@link
     * ClientSettings} has the settings of the client.
     */
    public KafkaEndpointConsumerBuilder endpoint() {
        return kafka(settings.topic())
                .groupId(settings.groupId())
                .consumersCount(1)
                .topicIsPattern(false)
                .batching(false)
                .pollTimeoutMs(POLL_TIMEOUT_MS)
                .autoCommitEnable(false)
                .allowManualCommit(false)
                .breakOnFirstError(true)
                .pollOnError(PollOnError.RETRY)
                .headerFilterStrategy(new KafkaHeaderFilterStrategy())
                .headerDeserializer(new DefaultKafkaHeaderDeserializer())
                .advanced()
                .bridgeErrorHandler(false)
                .kafkaClientFactory(clientFactory)
                .basic();
    }

    /** Returns why this consuming route does not read its topic now, or null. A host may have replaced its endpoint. */
    public static @Nullable NotReadyReason notReadingReason(CamelContext context, String routeId) {
        Route route = context.getRoute(routeId);
        ServiceStatus status = context.getRouteController().getRouteStatus(routeId);
        if (route == null || status == null || !status.isStarted()) {
            return NotReadyReason.retryable("The route %s is %s, expected Started"
                    .formatted(routeId, route == null || status == null ? "removed" : status.name()));
        }
        return route.getEndpoint() instanceof KafkaEndpoint endpoint
                        && endpoint.getKafkaClientFactory() instanceof ClientFactory factory
                ? factory.notReadingReason()
                : null;
    }

    /** Returns the processor that enqueues the record that the consuming route has received. */
    public Processor enqueue() {
        return new Enqueue();
    }

    /** Whether a later record with the same key, and of this kind, waits behind this one. */
    public boolean isFollowedBy(InFlightRecord inFlightRecord, Predicate<ConsumerRecord<byte[], byte[]>> kind) {
        return inFlightRecords.isFollowedBy(inFlightRecord, kind);
    }

    /** Returns a snapshot of the records that are polled and not complete. */
    public List<ConsumerRecord<byte[], byte[]>> incomplete() {
        return inFlightRecords.incomplete();
    }

    /**
     * Marks the record of a handler route as complete. As the last step of that route, it proves that the route was not stopped.
     * The steps before it check what Kafka has acknowledged.
     */
    public static void complete(Exchange exchange) {
        exchange.getMessage().setBody(Completed.INSTANCE);
    }

    private static CompletableFuture<?> process(
            ProducerTemplate template, Endpoint handler, InFlightRecord inFlightRecord) {
        return template.asyncSend(handler, exchange -> exchange.getMessage().setBody(inFlightRecord))
                .thenCompose(ParallelConsumer::requireComplete);
    }

    /** A route that ends without an exception is not complete: it may have been stopped. */
    private static CompletableFuture<Void> requireComplete(Exchange exchange) {
        if (exchange.getException() != null) {
            return CompletableFuture.failedFuture(exchange.getException());
        }
        return exchange.getMessage().getBody() == Completed.INSTANCE
                ? CompletableFuture.completedFuture(null)
                : CompletableFuture.failedFuture(
                        new IllegalStateException("The route stopped before the request completed"));
    }

    /** A record between two passes has no exchange in flight: without its count, Camel would stop the routes meanwhile. */
    private final class Enqueue extends ServiceSupport implements Processor, ShutdownAware {

        @Override
        public void process(Exchange exchange) {
            TopicPartition partition = new TopicPartition(
                    exchange.getMessage().getHeader(KafkaHeaders.TOPIC, String.class),
                    exchange.getMessage().getHeader(KafkaHeaders.PARTITION, int.class));
            inFlightRecords.enqueue(partition, exchange.getMessage().getHeader(KafkaHeaders.OFFSET, long.class));
        }

        @Override
        public int getPendingExchangesSize() {
            return inFlightRecords.inFlightCount();
        }

        @Override
        public boolean deferShutdown(ShutdownRunningTask shutdownRunningTask) {
            return false;
        }

        @Override
        public void prepareShutdown(boolean suspendOnly, boolean forced) {}
    }

    private final class ClientFactory extends DefaultKafkaClientFactory {

        private volatile @Nullable ParallelKafkaConsumer consumer;
        private volatile @Nullable RuntimeException failure;

        /** Camel tries again after a failure. */
        @Override
        @SuppressWarnings("rawtypes") // as Camel declares it
        public Consumer getConsumer(Properties properties) {
            GroupMembers.setClientId(properties, settings.topic());
            try {
                ParallelKafkaConsumer created = new ParallelKafkaConsumer(
                        ClientSettings.consumer(
                                properties,
                                Map.of(
                                        ConsumerConfig.GROUP_ID_CONFIG, settings.groupId(),
                                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, settings.autoOffsetReset())),
                        inFlightRecords,
                        policy,
                        startCondition);
                failure = null;
                consumer = created;
                return created;
            } catch (RuntimeException e) {
                failure = e;
                throw e;
            }
        }

        private @Nullable NotReadyReason notReadingReason() {
            String who = "The consumer of topic %s in group %s".formatted(settings.topic(), settings.groupId());
            ParallelKafkaConsumer current = consumer;
            Throwable error = failure == null && current != null ? current.failure() : failure;
            if (error != null) {
                return NotReadyReason.of(who + " failed", error);
            }
            if (current == null || !current.hasJoined()) {
                return NotReadyReason.retryable(who + " has not joined the group yet");
            }
            if (current.isTopicMissing()) {
                return NotReadyReason.retryable("The topic %s does not exist".formatted(settings.topic()));
            }
            return current.isMember()
                    ? null
                    : NotReadyReason.retryable(who + " had no heartbeat response within session.timeout.ms");
        }
    }
}
