package org.keyrotation.routes.publish;

import static org.apache.camel.builder.endpoint.StaticEndpointBuilders.kafka;

import org.apache.camel.builder.endpoint.dsl.KafkaEndpointBuilderFactory.KafkaEndpointProducerBuilder;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** How everything here is sent: acknowledged by all in-sync replicas, and not twice by the client's own retries. */
public final class AcknowledgedTopic {

    private AcknowledgedTopic() {}

    /** What is not acknowledged by then is tried again, by somebody who first asks whether it still may be. */
    private static final int DELIVERY_TIMEOUT_MS = 15_000;

    /** Its connection is made when first used, so that brokers which are away do not stop the start. */
    public static KafkaEndpointProducerBuilder acknowledged(String topic) {
        return kafka(topic)
                .requestRequiredAcks("all")
                .enableIdempotence(true)
                .maxBlockMs(DELIVERY_TIMEOUT_MS)
                .requestTimeoutMs(DELIVERY_TIMEOUT_MS / 3)
                .deliveryTimeoutMs(DELIVERY_TIMEOUT_MS)
                .valueSerializer(ByteArraySerializer.class.getName())
                .advanced()
                .lazyStartProducer(true)
                .basic();
    }
}
