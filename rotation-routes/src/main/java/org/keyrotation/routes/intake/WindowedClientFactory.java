package org.keyrotation.routes.intake;

import java.util.Properties;
import org.apache.camel.component.kafka.DefaultKafkaClientFactory;
import org.apache.kafka.clients.consumer.Consumer;

/** Gives Camel's Kafka consumer the client that fills a {@link Window} and commits what is done of it. */
final class WindowedClientFactory extends DefaultKafkaClientFactory {

    private final Window window;
    private final Readiness readiness;

    WindowedClientFactory(Window window, Readiness readiness) {
        this.window = window;
        this.readiness = readiness;
    }

    @Override
    @SuppressWarnings("rawtypes") // as Camel has it
    public Consumer getConsumer(Properties properties) {
        return new WindowedConsumer(properties, window, readiness);
    }
}
