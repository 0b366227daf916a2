package org.keyrotation.routes.kafka;

import static org.apache.camel.builder.endpoint.StaticEndpointBuilders.kafka;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.AsyncCallback;
import org.apache.camel.AsyncProcessor;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.builder.endpoint.dsl.KafkaEndpointBuilderFactory.KafkaEndpointProducerBuilder;
import org.apache.camel.component.kafka.KafkaHeaderFilterStrategy;
import org.apache.camel.component.kafka.serde.DefaultKafkaHeaderSerializer;
import org.apache.camel.support.AsyncProcessorSupport;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.keyrotation.routes.camel.ThreadPools;

/**
 * Camel producer endpoint of a topic, or of several ones by the header {@link KafkaHeaders#OVERRIDE_TOPIC}. All in-sync
 * replicas acknowledge each record, and the client's retries do not duplicate it. A route sends like this:
 *
 * <pre>{@code
 * .process(producer.selectThread())         // switches to the blocking pool if the send may block
 * ...                                       // headers and body of the record
 * .to(producer.endpoint())
 * .process(producer::requireAcknowledged)
 * }</pre>
 */
public final class TopicProducer {

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

    /** By topic: the producer may have metadata of one topic, and none of another one. */
    private final Map<String, SendThreadSelector> threadSelectors = new ConcurrentHashMap<>();

    /** @param topic the topic of the records without the header {@link KafkaHeaders#OVERRIDE_TOPIC} */
    public TopicProducer(CamelContext context, String topic, ThreadPools pools) {
        this.context = context;
        this.topic = topic;
        this.pools = pools;
    }

    /** Returns the step that moves the exchange to the blocking pool if the send may block. */
    public AsyncProcessor selectThread() {
        return new AsyncProcessorSupport() {
            @Override
            public boolean process(Exchange exchange, AsyncCallback callback) {
                return threadSelector(exchange.getMessage().getHeader(KafkaHeaders.OVERRIDE_TOPIC, topic, String.class))
                        .process(exchange, callback);
            }
        };
    }

    private SendThreadSelector threadSelector(String sendTopic) {
        return threadSelectors.computeIfAbsent(sendTopic, unused -> new SendThreadSelector(pools));
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

    /**
     * Replaces the message by Kafka's {@link RecordMetadata}, which Camel's producer sets after the acknowledgement. The absence
     * of an exception proves nothing: an application can intercept what is sent to an endpoint.
     *
     * @throws IllegalStateException if Kafka did not acknowledge the record
     */
    public void requireAcknowledged(Exchange exchange) {
        Message message = exchange.getMessage();
        List<?> acknowledged = message.getHeader(KafkaHeaders.RECORD_META, List.of(), List.class);
        if (acknowledged.isEmpty() || !(acknowledged.get(0) instanceof RecordMetadata metadata)) {
            throw notAcknowledged();
        }
        threadSelector(metadata.topic()).markAcknowledged();
        message.removeHeaders("*");
        message.setBody(metadata);
    }

    /**
     * Aggregation strategy: keeps the original exchange, and fails it unless {@link #requireAcknowledged} was the last step of
     * the sent one. Use it with {@code aggregateOnException}: Camel would otherwise replace the original body with that of the
     * failed exchange.
     *
     * @throws IllegalStateException if Kafka did not acknowledge the record
     */
    public static Exchange keepOriginal(Exchange original, Exchange sent) {
        if (sent.getException() != null) {
            original.setException(sent.getException());
        } else if (!(sent.getMessage().getBody() instanceof RecordMetadata)) {
            throw notAcknowledged();
        }
        return original;
    }

    private static IllegalStateException notAcknowledged() {
        return new IllegalStateException("Kafka did not acknowledge the record");
    }
}
