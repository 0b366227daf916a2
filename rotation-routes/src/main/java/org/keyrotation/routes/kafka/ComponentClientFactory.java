package org.keyrotation.routes.kafka;

import java.util.Map;
import java.util.Properties;
import org.apache.camel.CamelContext;
import org.apache.camel.component.kafka.DefaultKafkaClientFactory;
import org.apache.camel.component.kafka.KafkaClientFactory;
import org.apache.camel.component.kafka.KafkaComponent;
import org.apache.camel.component.kafka.KafkaConfiguration;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;

/** The client factory of the context's kafka component, called with {@link ClientSettings} and those of one client. */
@SuppressWarnings("rawtypes") // as Camel declares it
final class ComponentClientFactory implements KafkaClientFactory {

    private final CamelContext context;
    private final Map<String, ?> own;

    ComponentClientFactory(CamelContext context, Map<String, ?> own) {
        this.context = context;
        this.own = own;
    }

    @Override
    public Producer getProducer(Properties properties) {
        return component().getProducer(ClientSettings.producer(properties, own));
    }

    @Override
    public Consumer getConsumer(Properties properties) {
        return component().getConsumer(ClientSettings.consumer(properties, own));
    }

    @Override
    public String getBrokers(KafkaConfiguration configuration) {
        return component().getBrokers(configuration);
    }

    /** The component has none before the context starts. */
    private KafkaClientFactory component() {
        KafkaClientFactory factory =
                context.getComponent("kafka", KafkaComponent.class).getKafkaClientFactory();
        return factory == null ? new DefaultKafkaClientFactory() : factory;
    }
}
