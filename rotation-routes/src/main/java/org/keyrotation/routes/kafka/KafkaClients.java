package org.keyrotation.routes.kafka;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import org.apache.camel.CamelContext;
import org.apache.camel.component.kafka.KafkaComponent;
import org.apache.camel.component.kafka.KafkaConfiguration;
import org.apache.camel.component.kafka.KafkaEndpoint;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Factory of Kafka clients for work that no Camel endpoint does. They have the brokers, the security and the client factory
 * of the context's kafka component. No other class builds client properties.
 */
public final class KafkaClients {

    private static final int TIMEOUT_MS = 5_000;

    /** The admin client logs a warning for each failed connection. */
    private static final int ADMIN_RECONNECT_BACKOFF_MS = 500;

    private static final int ADMIN_RECONNECT_BACKOFF_MAX_MS = 2_000;

    private final CamelContext context;

    public KafkaClients(CamelContext context) {
        this.context = context;
    }

    /** Returns the brokers as configured, or null. */
    public @Nullable String brokers() {
        return configuration().getBrokers();
    }

    /**
     * Whether the topic exists. The question does not create it, whatever {@code auto.create.topics.enable} of the brokers.
     *
     * @throws IllegalStateException if the brokers do not answer
     */
    public boolean exists(String topic) throws InterruptedException {
        try (Admin admin = admin()) {
            return !admin.describeTopics(List.of(topic)).allTopicNames().get().isEmpty();
        } catch (ExecutionException | KafkaException e) {
            if (rootCause(e) instanceof UnknownTopicOrPartitionException) {
                return false;
            }
            throw new IllegalStateException(noAnswer(e), e);
        }
    }

    /** Returns the message that the brokers do not answer a request, with the reason. */
    public String noAnswer(Throwable e) {
        return "Kafka at %s (brokers of the kafka component, camel.component.kafka.brokers) does not answer: %s"
                .formatted(brokers(), reason(e));
    }

    KafkaConfiguration configuration() {
        return component().getConfiguration();
    }

    private KafkaComponent component() {
        return context.getComponent("kafka", KafkaComponent.class);
    }

    /** The component gives the context's SSLContextParameters only to its endpoints. */
    private KafkaConfiguration adminConfiguration() {
        KafkaConfiguration copy = configuration().copy();
        if (copy.getSslContextParameters() == null && component().isUseGlobalSslContextParameters()) {
            copy.setSslContextParameters(context.getSSLContextParameters());
        }
        return copy;
    }

    public Admin admin() {
        Properties properties = adminConfiguration().createProducerProperties();
        properties.keySet().retainAll(AdminClientConfig.configNames());
        properties.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, requireNonNull(brokers()));
        properties.put(CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG, TIMEOUT_MS);
        properties.put(CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG, TIMEOUT_MS);
        properties.put(CommonClientConfigs.RECONNECT_BACKOFF_MS_CONFIG, ADMIN_RECONNECT_BACKOFF_MS);
        properties.put(CommonClientConfigs.RECONNECT_BACKOFF_MAX_MS_CONFIG, ADMIN_RECONNECT_BACKOFF_MAX_MS);
        return Admin.create(properties);
    }

    /** Creates a producer with Kafka's default partitioner. The overrides win over the component's properties. */
    @SuppressWarnings("unchecked")
    public Producer<byte[], byte[]> producer(String topic, Map<String, Object> overrides) {
        KafkaEndpoint endpoint = endpoint(topic);
        Properties properties = endpoint.getConfiguration().createProducerProperties();
        properties.remove(ProducerConfig.PARTITIONER_CLASS_CONFIG);
        properties.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class.getName());
        properties.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class.getName());
        return endpoint.getKafkaClientFactory().getProducer(complete(endpoint, properties, overrides));
    }

    /** Creates a consumer without a group, which creates no topic. The overrides win over the component's properties. */
    @SuppressWarnings("unchecked")
    public Consumer<byte[], byte[]> consumer(String topic, Map<String, Object> overrides) {
        KafkaEndpoint endpoint = endpoint(topic);
        Properties properties = endpoint.getConfiguration().createConsumerProperties();
        properties.remove(ConsumerConfig.GROUP_ID_CONFIG);
        properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, "false");
        properties.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class.getName());
        properties.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class.getName());
        return endpoint.getKafkaClientFactory().getConsumer(complete(endpoint, properties, overrides));
    }

    /** Creates a consumer with the group settings of a consuming route, to find those that Kafka's client refuses. */
    Consumer<byte[], byte[]> groupConsumer() {
        Properties properties = configuration().createConsumerProperties();
        properties.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, requireNonNull(brokers()));
        properties.put(ConsumerConfig.GROUP_ID_CONFIG, "unused");
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        properties.put(ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG, CooperativeStickyAssignor.class.getName());
        return new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    private KafkaEndpoint endpoint(String topic) {
        return context.getEndpoint("kafka:" + topic, KafkaEndpoint.class);
    }

    private static Properties complete(KafkaEndpoint endpoint, Properties properties, Map<String, Object> overrides) {
        properties.putAll(overrides);
        properties.remove(CommonClientConfigs.CLIENT_ID_CONFIG);
        properties.put(
                CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG,
                endpoint.getKafkaClientFactory().getBrokers(endpoint.getConfiguration()));
        return properties;
    }

    /** Returns what an error of a client is about. Errors about a setting quote its value: only their type is returned. */
    public static String reason(Throwable e) {
        Throwable cause = rootCause(e);
        if (isUnresolvedHost(cause)) {
            return "no broker's host name can be resolved";
        }
        return cause instanceof ApiException || cause instanceof IOException
                ? cause.toString()
                : cause.getClass().getSimpleName();
    }

    /** Kafka's client throws a ConfigException for it. A host that does not resolve today may resolve tomorrow. */
    static boolean isUnresolvedHost(Throwable cause) {
        return String.valueOf(cause.getMessage()).contains("No resolvable bootstrap");
    }

    static Throwable rootCause(Throwable e) {
        return e.getCause() == null ? e : rootCause(e.getCause());
    }
}
