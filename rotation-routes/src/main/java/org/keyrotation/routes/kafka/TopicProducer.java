package org.keyrotation.routes.kafka;

import static org.apache.camel.builder.endpoint.StaticEndpointBuilders.kafka;

import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.builder.endpoint.dsl.KafkaEndpointBuilderFactory.KafkaEndpointProducerBuilder;
import org.apache.camel.component.kafka.KafkaHeaderFilterStrategy;
import org.apache.camel.component.kafka.serde.DefaultKafkaHeaderSerializer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import org.keyrotation.routes.camel.ThreadPools;

/**
 * Camel producer endpoint of one topic, and a flag on the exchange for its acknowledgement. All in-sync replicas acknowledge
 * each record, and the client's retries do not duplicate it. A route sends like this:
 *
 * <pre>{@code
 * .process(producer.selectThread())      // switches to the blocking pool if the send may block
 * ...                                    // headers and body of the record
 * .to(producer.endpoint())
 * .process(producer::markAcknowledged)   // the route that waits for it calls requireAcknowledged
 * }</pre>
 */
public final class TopicProducer {

    /** Exchange property. The absence of an exception proves nothing: another error handler may have handled one. */
    private static final String ACKNOWLEDGED = "rotation.acknowledged";

    /** Limits max.block.ms and delivery.timeout.ms alike. The caller checks its ownership before it sends again. */
    private static final int SEND_TIMEOUT_MS = 15_000;

    private static final int REQUEST_TIMEOUT_MS = SEND_TIMEOUT_MS / 3;

    /** Kafka wants the delivery timeout to be at least linger.ms and the request timeout. */
    static final int MAX_LINGER_MS = SEND_TIMEOUT_MS - REQUEST_TIMEOUT_MS;

    static final Map<String, Object> CLIENT_SETTINGS = Map.of(
            ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, SEND_TIMEOUT_MS,
            ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, StringSerializer.class.getName(),
            ProducerConfig.MAX_BLOCK_MS_CONFIG, SEND_TIMEOUT_MS,
            ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, REQUEST_TIMEOUT_MS,
            ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class.getName());

    private final CamelContext context;
    private final String topic;
    private final ThreadPools pools;
    private final SendThreadSelector threadSelector;

    public TopicProducer(CamelContext context, String topic, ThreadPools pools) {
        this.context = context;
        this.topic = topic;
        this.pools = pools;
        this.threadSelector = new SendThreadSelector(pools);
    }

    /** Returns the step that moves the exchange to the blocking pool if the send may block. */
    public Processor selectThread() {
        return threadSelector;
    }

    /**
     * Returns the endpoint. It connects at the first send, so that the start does not depend on the brokers. A header that the
     * component filters or serializes in its own way would be lost.
     */
    public KafkaEndpointProducerBuilder endpoint() {
        return kafka(topic)
                .keySerializer(StringSerializer.class.getName()) // Camel converts the key and the body to these types
                .valueSerializer(ByteArraySerializer.class.getName())
                .headerFilterStrategy(new KafkaHeaderFilterStrategy())
                .headerSerializer(new DefaultKafkaHeaderSerializer())
                .transacted(false)
                .workerPool(pools.routing())
                .advanced()
                .kafkaClientFactory(new ComponentClientFactory(context, CLIENT_SETTINGS))
                .lazyStartProducer(true)
                .recordMetadata(true)
                .synchronous(false)
                .basic();
    }

    /** Marks the exchange if the Camel producer has set RECORD_META, which it does after the acknowledgement. */
    public void markAcknowledged(Exchange exchange) {
        boolean acknowledged = exchange.getMessage().getHeader(KafkaHeaders.RECORD_META) != null;
        exchange.setProperty(ACKNOWLEDGED, acknowledged);
        if (acknowledged) {
            threadSelector.markAcknowledged();
        }
    }

    /** Marks an exchange for which there is nothing to send. */
    public static void markNothingToSend(Exchange exchange) {
        exchange.setProperty(ACKNOWLEDGED, true);
    }

    /** Removes the mark of a previous send. */
    public static void clearAcknowledged(Exchange exchange) {
        exchange.removeProperty(ACKNOWLEDGED);
    }

    /**
     * Aggregation strategy: keeps the original exchange and copies the acknowledgement flag, or the exception. Use it with
     * {@code aggregateOnException}: Camel would otherwise replace the original body with that of the failed exchange.
     *
     * @throws IllegalStateException if Kafka did not acknowledge the sent exchange
     */
    public static Exchange copyAcknowledged(Exchange original, @Nullable Exchange sent) {
        if (sent != null && sent.getException() != null) {
            original.setException(sent.getException());
            return original;
        }
        original.setProperty(ACKNOWLEDGED, sent != null && isAcknowledged(sent));
        requireAcknowledged(original);
        return original;
    }

    /** Aggregation strategy: like {@link #copyAcknowledged}, and leaves no mark on the exchange of an application. */
    public static Exchange keepOriginal(Exchange original, @Nullable Exchange sent) {
        Exchange acknowledged = copyAcknowledged(original, sent);
        clearAcknowledged(acknowledged);
        return acknowledged;
    }

    /**
     * Checks that Kafka has acknowledged the send, or that there was nothing to send.
     *
     * @throws IllegalStateException if it has not
     */
    public static void requireAcknowledged(Exchange exchange) {
        if (!isAcknowledged(exchange)) {
            throw new IllegalStateException("Kafka did not acknowledge the record");
        }
    }

    private static boolean isAcknowledged(Exchange exchange) {
        return exchange.getProperty(ACKNOWLEDGED, false, boolean.class);
    }
}
