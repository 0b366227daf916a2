package org.keyrotation.routes.kafka;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.camel.CamelContext;
import org.apache.camel.component.kafka.DefaultKafkaClientFactory;
import org.apache.camel.component.kafka.KafkaClientFactory;
import org.apache.camel.component.kafka.KafkaComponent;
import org.apache.camel.component.kafka.KafkaConfiguration;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Factory of Kafka clients for work that no Camel endpoint does. They have the brokers, the security and the client factory
 * of the context's kafka component, and {@link ClientSettings}.
 */
public final class KafkaClients {

    private static final int REQUEST_TIMEOUT_MS = 5_000;

    /** Long enough for a login by TLS and SCRAM in a JVM that has just started, on a busy machine. */
    private static final int API_TIMEOUT_MS = 10_000;

    /** The admin client logs a warning for each failed connection. */
    private static final int ADMIN_RECONNECT_BACKOFF_MS = 500;

    private static final int ADMIN_RECONNECT_BACKOFF_MAX_MS = 2_000;

    /**
     * Settings for which the admin client has Kafka's defaults. It retries each description of a classic group: its first
     * request is of the consumer protocol.
     */
    private static final Set<String> ADMIN_DEFAULTS = Set.of(
            AdminClientConfig.RETRIES_CONFIG,
            AdminClientConfig.RETRY_BACKOFF_MS_CONFIG,
            AdminClientConfig.RETRY_BACKOFF_MAX_MS_CONFIG);

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
    private KafkaConfiguration clientConfiguration() {
        KafkaConfiguration copy = configuration().copy();
        if (copy.getSslContextParameters() == null && component().isUseGlobalSslContextParameters()) {
            copy.setSslContextParameters(context.getSSLContextParameters());
        }
        return copy;
    }

    public Admin admin() {
        Properties properties = clientConfiguration().createProducerProperties();
        properties.keySet().retainAll(AdminClientConfig.configNames());
        properties.keySet().removeAll(ADMIN_DEFAULTS);
        properties.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, requireNonNull(brokers()));
        properties.put(CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG, REQUEST_TIMEOUT_MS);
        properties.put(CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG, API_TIMEOUT_MS);
        properties.put(CommonClientConfigs.RECONNECT_BACKOFF_MS_CONFIG, ADMIN_RECONNECT_BACKOFF_MS);
        properties.put(CommonClientConfigs.RECONNECT_BACKOFF_MAX_MS_CONFIG, ADMIN_RECONNECT_BACKOFF_MAX_MS);
        return Admin.create(properties);
    }

    /** Creates a producer with Kafka's default partitioner. Its own settings win over all others. */
    @SuppressWarnings("unchecked")
    public Producer<byte[], byte[]> producer(Map<String, Object> own) {
        Map<String, Object> settings = new HashMap<>(own);
        settings.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class.getName());
        settings.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class.getName());
        KafkaClientFactory factory = new ComponentClientFactory(context, settings);
        return factory.getProducer(complete(factory, clientConfiguration().createProducerProperties()));
    }

    /** Creates a consumer without a group, which creates no topic. Its own settings win over all others. */
    @SuppressWarnings("unchecked")
    public Consumer<byte[], byte[]> consumer(Map<String, Object> own) {
        Map<String, Object> settings = new HashMap<>(own);
        settings.put(ConsumerConfig.GROUP_ID_CONFIG, ClientSettings.UNSET);
        KafkaClientFactory factory = new ComponentClientFactory(context, settings);
        return factory.getConsumer(complete(factory, clientConfiguration().createConsumerProperties()));
    }

    /** Creates a consumer as a consuming route does, to find the settings that Kafka's client refuses. */
    Consumer<byte[], byte[]> groupConsumer() {
        Properties properties = clientConfiguration().createConsumerProperties();
        properties.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, requireNonNull(brokers()));
        return new KafkaConsumer<>(
                ClientSettings.consumer(properties, Map.of(ConsumerConfig.GROUP_ID_CONFIG, "unused")));
    }

    /** Creates a producer as a route does, without a client factory of the host. */
    Producer<String, byte[]> routeProducer() {
        Properties properties = clientConfiguration().createProducerProperties();
        properties.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, requireNonNull(brokers()));
        return new KafkaProducer<>(ClientSettings.producer(properties, TopicProducer.CLIENT_SETTINGS));
    }

    /** Whether the host has set a client factory. */
    boolean isClientFactoryOfHost() {
        KafkaClientFactory factory = component().getKafkaClientFactory();
        return factory != null && factory.getClass() != DefaultKafkaClientFactory.class;
    }

    private Properties complete(KafkaClientFactory factory, Properties properties) {
        properties.remove(CommonClientConfigs.CLIENT_ID_CONFIG);
        properties.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, factory.getBrokers(configuration()));
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
