package org.keyrotation.routes.kafka;

import static org.apache.camel.builder.endpoint.StaticEndpointBuilders.kafka;

import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.builder.endpoint.dsl.KafkaEndpointBuilderFactory.KafkaEndpointProducerBuilder;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import org.keyrotation.routes.camel.ThreadPools;

/**
 * The producer of one topic. All in-sync replicas acknowledge each record, and the client's retries do not duplicate it. A
 * route sends like this:
 *
 * <pre>{@code
 * .process(producer.selectThread())      // or onto the blocking pool
 * ...                                    // headers and body of the record
 * .to(producer.endpoint())
 * .process(producer::markAcknowledged)   // the route that waits for it calls requireAcknowledged
 * }</pre>
 */
public final class TopicProducer {

    /** Exchange property. The absence of an exception proves nothing: another error handler may have handled one. */
    private static final String ACKNOWLEDGED = "rotation.acknowledged";

    /** The caller sends again after this time, and first checks whether it still may. */
    private static final int DELIVERY_TIMEOUT_MS = 15_000;

    private final String topic;
    private final ThreadPools pools;
    private final SendThreadSelector threadSelector;

    public TopicProducer(String topic, ThreadPools pools) {
        this.topic = topic;
        this.pools = pools;
        this.threadSelector = new SendThreadSelector(pools);
    }

    /** Returns the step that moves the exchange to the blocking pool if the send may block. */
    public Processor selectThread() {
        return threadSelector;
    }

    /** Returns the endpoint. It connects at the first send, so that the start does not depend on the brokers. */
    public KafkaEndpointProducerBuilder endpoint() {
        return kafka(topic)
                .requestRequiredAcks("all")
                .enableIdempotence(true)
                .keySerializer(StringSerializer.class.getName())
                .maxBlockMs(DELIVERY_TIMEOUT_MS)
                .requestTimeoutMs(DELIVERY_TIMEOUT_MS / 3)
                .deliveryTimeoutMs(DELIVERY_TIMEOUT_MS)
                .valueSerializer(ByteArraySerializer.class.getName())
                .workerPool(pools.routing())
                .advanced()
                .lazyStartProducer(true)
                .recordMetadata(true)
                .basic();
    }

    /** Reached only after Kafka has acknowledged; the producer sets RECORD_META. */
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
     * Aggregation strategy: keeps the original exchange and copies the acknowledgement flag, or the exception. Without
     * {@code aggregateOnException} Camel would replace the original body by that of the failed exchange.
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

    /**
     * Checks that everything that was to be sent is acknowledged.
     *
     * @throws IllegalStateException if it is not
     */
    public static void requireAcknowledged(Exchange exchange) {
        if (!isAcknowledged(exchange)) {
            throw new IllegalStateException("Kafka did not acknowledge the outcome");
        }
    }

    private static boolean isAcknowledged(Exchange exchange) {
        return exchange.getProperty(ACKNOWLEDGED, false, boolean.class);
    }
}
