package org.keyrotation.routes.kamelet;

import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.component.kafka.KafkaComponent;
import org.apache.camel.component.kafka.KafkaConfiguration;
import org.apache.camel.impl.DefaultCamelContext;
import org.jspecify.annotations.Nullable;
import org.keyrotation.model.RotationRequest;
import org.keyrotation.routes.RotationOutcome;
import org.keyrotation.routes.RotationRoutes;
import org.keyrotation.routes.kafka.NotReadyReason;
import org.keyrotation.routes.kafka.ParallelConsumer;

/**
 * A Camel context of its own for the routes of one Kamelet. It changes nothing in the host's context, and several of
 * them do not collide. Kafka and TLS are configured as in the host. It appears neither in JMX nor in the host's meters.
 */
final class IsolatedCamelContext implements AutoCloseable {

    private final CamelContext context;
    private final ProducerTemplate producer;

    private IsolatedCamelContext(CamelContext context, ProducerTemplate producer) {
        this.context = context;
        this.producer = producer;
    }

    /** @param brokers the bootstrap servers, or null for those of the host */
    static IsolatedCamelContext start(CamelContext host, @Nullable String brokers, RoutesBuilder routes)
            throws Exception {
        DefaultCamelContext context = new DefaultCamelContext();
        context.setApplicationContextClassLoader(host.getApplicationContextClassLoader());
        context.disableJMX();
        context.setSSLContextParameters(host.getSSLContextParameters());
        context.getRegistry().bind("meters", new CompositeMeterRegistry());
        context.addComponent("kafka", kafka(host, brokers));
        try {
            context.addRoutes(routes);
            context.start();
            return new IsolatedCamelContext(context, context.createProducerTemplate());
        } catch (Exception e) {
            context.stop();
            throw e;
        }
    }

    private static KafkaComponent kafka(CamelContext host, @Nullable String brokers) {
        KafkaComponent hostComponent = host.getComponent("kafka", KafkaComponent.class);
        KafkaConfiguration configuration = hostComponent.getConfiguration().copy();
        if (brokers != null) {
            configuration.setBrokers(brokers);
        }
        KafkaComponent component = new KafkaComponent();
        component.setConfiguration(configuration);
        component.setUseGlobalSslContextParameters(hostComponent.isUseGlobalSslContextParameters());
        component.setKafkaClientFactory(hostComponent.getKafkaClientFactory());
        return component;
    }

    /** @throws Exception if {@link RotationRoutes#ROTATE_CLIENT_KEY} fails before it has an outcome */
    RotationOutcome rotate(RotationRequest request) throws Exception {
        Exchange reply = producer.request(RotationRoutes.ROTATE_CLIENT_KEY, exchange -> exchange.getMessage()
                .setBody(request));
        if (reply.getException() != null) {
            throw reply.getException();
        }
        return reply.getMessage().getBody(RotationOutcome.class);
    }

    /** Returns why this consuming route does not read its topic now, or null. */
    @Nullable
    NotReadyReason notReadingReason(String routeId) {
        return ParallelConsumer.notReadingReason(context, routeId);
    }

    @Override
    public void close() {
        context.stop();
    }
}
