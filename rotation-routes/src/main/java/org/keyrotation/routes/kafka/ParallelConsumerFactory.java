package org.keyrotation.routes.kafka;

import java.util.Properties;
import org.apache.camel.component.kafka.DefaultKafkaClientFactory;
import org.apache.kafka.clients.consumer.Consumer;

/** Gives Camel's Kafka consumer the client that fills a {@link InFlightRecords} and commits what is done of it. */
public final class ParallelConsumerFactory extends DefaultKafkaClientFactory {

    private final InFlightRecords window;
    private final StartCondition readiness;

    public ParallelConsumerFactory(InFlightRecords window, StartCondition readiness) {
        this.window = window;
        this.readiness = readiness;
    }

    @Override
    @SuppressWarnings("rawtypes") // as Camel has it
    public Consumer getConsumer(Properties properties) {
        return new ParallelConsumer(properties, window, readiness);
    }
}
