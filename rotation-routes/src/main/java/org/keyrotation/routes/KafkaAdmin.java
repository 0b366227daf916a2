package org.keyrotation.routes;

import java.util.Properties;
import org.apache.camel.CamelContext;
import org.apache.camel.component.kafka.KafkaComponent;
import org.apache.camel.component.kafka.KafkaConfiguration;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;

/** Kafka's admin client, reached and secured as the context's kafka component is. */
final class KafkaAdmin {

    private static final int TIMEOUT_MS = 5_000;

    private KafkaAdmin() {}

    static boolean isConfigured(CamelContext context) {
        String brokers = configuration(context).getBrokers();
        return brokers != null && !brokers.isBlank();
    }

    static String brokers(CamelContext context) {
        return configuration(context).getBrokers();
    }

    static Admin open(CamelContext context) {
        Properties properties = configuration(context).createProducerProperties();
        properties.keySet().retainAll(AdminClientConfig.configNames());
        properties.put(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, brokers(context));
        properties.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, TIMEOUT_MS);
        properties.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, TIMEOUT_MS);
        return Admin.create(properties);
    }

    private static KafkaConfiguration configuration(CamelContext context) {
        return context.getComponent("kafka", KafkaComponent.class).getConfiguration();
    }
}
