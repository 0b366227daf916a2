package org.keyrotation.routes.kafka;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.util.Properties;
import org.apache.camel.CamelContext;
import org.apache.camel.component.kafka.KafkaComponent;
import org.apache.camel.component.kafka.KafkaConfiguration;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.errors.ApiException;
import org.jspecify.annotations.Nullable;

/** Kafka's admin client, reached and secured as the context's kafka component is. */
public final class KafkaClients {

    private static final int TIMEOUT_MS = 5_000;
    private static final int BACKOFF_MS =
            500; // each try that fails is a warning; the other clients keep what is configured
    private static final int LONGEST_BACKOFF_MS = 2_000;

    private KafkaClients() {}

    public static @Nullable String brokers(CamelContext context) {
        return configuration(context).getBrokers();
    }

    static KafkaConfiguration configuration(CamelContext context) {
        return context.getComponent("kafka", KafkaComponent.class).getConfiguration();
    }

    public static Admin open(CamelContext context) {
        Properties properties = configuration(context).createProducerProperties();
        properties.keySet().retainAll(AdminClientConfig.configNames());
        properties.put(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, requireNonNull(brokers(context)));
        properties.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, TIMEOUT_MS);
        properties.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, TIMEOUT_MS);
        properties.put(AdminClientConfig.RECONNECT_BACKOFF_MS_CONFIG, BACKOFF_MS);
        properties.put(AdminClientConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, LONGEST_BACKOFF_MS);
        return Admin.create(properties);
    }

    /** Kafka's own words, unless they are about a setting: they would quote its value. */
    public static String reason(Throwable e) {
        Throwable cause = deepest(e);
        return cause instanceof ApiException || cause instanceof IOException
                ? cause.toString()
                : cause.getClass().getSimpleName();
    }

    static Throwable deepest(Throwable e) {
        return e.getCause() == null ? e : deepest(e.getCause());
    }
}
