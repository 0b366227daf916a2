package org.keyrotation.routes.publish;

import static org.apache.camel.builder.endpoint.StaticEndpointBuilders.kafka;

import org.apache.camel.builder.endpoint.dsl.KafkaEndpointBuilderFactory.KafkaEndpointProducerBuilder;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** How everything here is sent: acknowledged by all in-sync replicas, and written once however often it is tried. */
public final class AcknowledgedTopic {

    private AcknowledgedTopic() {}

    /** Its connection is made when first used, so that brokers which are away do not stop the start. */
    public static KafkaEndpointProducerBuilder acknowledged(String topic) {
        return kafka(topic)
                .requestRequiredAcks("all")
                .enableIdempotence(true)
                .valueSerializer(ByteArraySerializer.class.getName())
                .advanced()
                .lazyStartProducer(true)
                .basic();
    }
}
