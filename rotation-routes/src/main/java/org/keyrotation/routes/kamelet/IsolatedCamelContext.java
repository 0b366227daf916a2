package org.keyrotation.routes.kamelet;

import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.component.kafka.KafkaComponent;
import org.apache.camel.component.kafka.KafkaConfiguration;
import org.apache.camel.impl.DefaultCamelContext;
import org.jspecify.annotations.Nullable;
import org.keyrotation.model.RotationRequest;
import org.keyrotation.routes.RotationOutcome;
import org.keyrotation.routes.RotationRoutes;
import org.keyrotation.routes.RotationSettings;

/**
 * A Camel context with rotation routes and nothing else, so that nothing of the host's is touched, and two of them do not
 * meet. It reaches Kafka as the host does. It is in neither JMX nor the host's meters.
 */
final class IsolatedCamelContext implements AutoCloseable {

    private final CamelContext context;
    private final ProducerTemplate door;

    private IsolatedCamelContext(CamelContext context, ProducerTemplate door) {
        this.context = context;
        this.door = door;
    }

    /** @param brokers null for the host's */
    static IsolatedCamelContext start(CamelContext host, @Nullable String brokers, RotationSettings settings)
            throws Exception {
        DefaultCamelContext context = new DefaultCamelContext();
        context.setApplicationContextClassLoader(host.getApplicationContextClassLoader());
        context.disableJMX();
        context.setSSLContextParameters(host.getSSLContextParameters());
        context.getRegistry().bind("meters", new CompositeMeterRegistry());
        context.addComponent("kafka", kafka(host, brokers));
        try {
            context.addRoutes(new RotationRoutes(settings));
            context.start();
            return new IsolatedCamelContext(context, context.createProducerTemplate());
        } catch (Exception e) {
            context.stop();
            throw e;
        }
    }

    private static KafkaComponent kafka(CamelContext host, @Nullable String brokers) {
        KafkaComponent hosts = host.getComponent("kafka", KafkaComponent.class);
        KafkaConfiguration configuration = hosts.getConfiguration().copy();
        if (brokers != null) {
            configuration.setBrokers(brokers);
        }
        KafkaComponent own = new KafkaComponent();
        own.setConfiguration(configuration);
        own.setUseGlobalSslContextParameters(hosts.isUseGlobalSslContextParameters());
        own.setKafkaClientFactory(hosts.getKafkaClientFactory());
        return own;
    }

    /** @throws Exception where nothing could be done, of {@link RotationRoutes#ROTATE_CLIENT_KEY} */
    RotationOutcome rotate(RotationRequest request) throws Exception {
        Exchange answer = door.request(
                RotationRoutes.ROTATE_CLIENT_KEY, asked -> asked.getMessage().setBody(request));
        if (answer.getException() != null) {
            throw answer.getException();
        }
        return answer.getMessage().getBody(RotationOutcome.class);
    }

    @Override
    public void close() {
        context.stop();
    }
}
