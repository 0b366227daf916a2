package org.keyrotation.routes.ledger;

import java.util.Map;
import java.util.Properties;
import org.apache.camel.CamelContext;
import org.apache.camel.component.kafka.KafkaEndpoint;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Creates the ledger's Kafka clients, with the brokers, the security and the client factory of Camel's kafka component. */
final class LedgerClients {

    /** Short timeouts: a send that outlives the writer's partition ownership could follow the new owner's write. */
    private static final Map<String, Object> PRODUCER_OVERRIDES = Map.of(
            ProducerConfig.ACKS_CONFIG, "all",
            ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, "true",
            ProducerConfig.LINGER_MS_CONFIG, "0",
            ProducerConfig.MAX_BLOCK_MS_CONFIG, "5000",
            ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, "5000",
            ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, "10000",
            ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class.getName(),
            ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class.getName());

    private static final Map<String, Object> CONSUMER_OVERRIDES = Map.of(
            ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest",
            ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false",
            ConsumerConfig.MAX_POLL_RECORDS_CONFIG, "5000",
            ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, "5000",
            ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, "5000",
            ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class.getName(),
            ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class.getName());

    private final CamelContext context;
    private final String topic;

    LedgerClients(CamelContext context, String topic) {
        this.context = context;
        this.topic = topic;
    }

    @SuppressWarnings("unchecked")
    Producer<byte[], byte[]> producer() {
        KafkaEndpoint endpoint = endpoint();
        Properties properties = endpoint.getConfiguration().createProducerProperties();
        properties.keySet().removeIf(name -> name.equals(ProducerConfig.PARTITIONER_CLASS_CONFIG));
        return endpoint.getKafkaClientFactory().getProducer(with(endpoint, properties, PRODUCER_OVERRIDES));
    }

    @SuppressWarnings("unchecked")
    Consumer<byte[], byte[]> consumer() {
        KafkaEndpoint endpoint = endpoint();
        Properties properties = endpoint.getConfiguration().createConsumerProperties();
        properties.keySet().removeIf(name -> name.equals(ConsumerConfig.GROUP_ID_CONFIG));
        return endpoint.getKafkaClientFactory().getConsumer(with(endpoint, properties, CONSUMER_OVERRIDES));
    }

    private KafkaEndpoint endpoint() {
        return context.getEndpoint("kafka:" + topic, KafkaEndpoint.class);
    }

    private static Properties with(KafkaEndpoint endpoint, Properties properties, Map<String, Object> overrides) {
        properties.putAll(overrides);
        properties.remove(CommonClientConfigs.CLIENT_ID_CONFIG);
        properties.put(
                CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG,
                endpoint.getKafkaClientFactory().getBrokers(endpoint.getConfiguration()));
        return properties;
    }
}
