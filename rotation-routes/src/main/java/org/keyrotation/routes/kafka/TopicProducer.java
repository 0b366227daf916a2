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
                .maxBlockMs(SEND_TIMEOUT_MS)
                .requestTimeoutMs(SEND_TIMEOUT_MS / 3)
                .deliveryTimeoutMs(SEND_TIMEOUT_MS)
                .valueSerializer(ByteArraySerializer.class.getName())
                .workerPool(pools.routing())
                .advanced()
                .lazyStartProducer(true)
                .recordMetadata(true)
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
