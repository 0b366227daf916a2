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
 * How everything here is sent: acknowledged by all in-sync replicas, and not twice by the client's own retries. A route that
 * sends has {@link #note} at its end; before it makes the record it goes onto a thread that may wait, or it has the step
 * {@link #whereItMayBlock} where it sends to this topic alone.
 */
public final class TopicProducer {

    private static final String ACKNOWLEDGED = "rotation.acknowledged";

    /** What is not acknowledged by then is tried again, by somebody who first asks whether it still may be. */
    private static final int DELIVERY_TIMEOUT_MS = 15_000;

    private final String topic;
    private final ThreadPools threads;
    private final SendThreadSelector flow;

    public TopicProducer(String topic, ThreadPools threads) {
        this.topic = topic;
        this.threads = threads;
        this.flow = new SendThreadSelector(threads);
    }

    /** Onto a thread that may wait, unless the send will not. */
    public Processor whereItMayBlock() {
        return flow;
    }

    /** Its connection is made when first used, so that brokers which are away do not stop the start. */
    public KafkaEndpointProducerBuilder endpoint() {
        return kafka(topic)
                .requestRequiredAcks("all")
                .enableIdempotence(true)
                .keySerializer(StringSerializer.class.getName())
                .maxBlockMs(DELIVERY_TIMEOUT_MS)
                .requestTimeoutMs(DELIVERY_TIMEOUT_MS / 3)
                .deliveryTimeoutMs(DELIVERY_TIMEOUT_MS)
                .valueSerializer(ByteArraySerializer.class.getName())
                .workerPool(threads.routing())
                .advanced()
                .lazyStartProducer(true)
                .recordMetadata(true)
                .basic();
    }

    /** That it comes to this, and what the producer left behind, is the proof. */
    public void note(Exchange exchange) {
        boolean acknowledged = exchange.getMessage().getHeader(KafkaHeaders.RECORD_META) != null;
        exchange.setProperty(ACKNOWLEDGED, acknowledged);
        if (acknowledged) {
            flow.acknowledged();
        }
    }

    /** What was proven of one exchange is no proof of the next that its caller makes of it. */
    public static void forget(Exchange exchange) {
        exchange.removeProperty(ACKNOWLEDGED);
    }

    /** Where there is nothing to send, or what is done instead is done. */
    public static void noteThatNothingIsLeft(Exchange exchange) {
        exchange.setProperty(ACKNOWLEDGED, true);
    }

    /**
     * Of an enrichment that sends: nothing but the proof comes back. That no exception did is none: a host's error handler
     * may have dealt with it.
     *
     * @throws IllegalStateException without the proof
     */
    public static Exchange proven(Exchange original, @Nullable Exchange sent) {
        original.setProperty(ACKNOWLEDGED, sent != null && sent.getProperty(ACKNOWLEDGED, false, boolean.class));
        check(original);
        return original;
    }

    /**
     * Before anything is taken for done.
     *
     * @throws IllegalStateException where what was to be sent is not acknowledged
     */
    public static void check(Exchange exchange) {
        if (!exchange.getProperty(ACKNOWLEDGED, false, boolean.class)) {
            throw new IllegalStateException("What became of it is not acknowledged");
        }
    }
}
