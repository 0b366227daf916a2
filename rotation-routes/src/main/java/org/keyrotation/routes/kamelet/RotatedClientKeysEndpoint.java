package org.keyrotation.routes.kamelet;

import org.apache.camel.Component;
import org.apache.camel.Consumer;
import org.apache.camel.MultipleConsumersSupport;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.support.DefaultEndpoint;

/** The topic of new keys, as a Camel endpoint to consume from. */
final class RotatedClientKeysEndpoint extends DefaultEndpoint implements MultipleConsumersSupport {

    private final KeySourceSettings settings;

    RotatedClientKeysEndpoint(String uri, Component component, KeySourceSettings settings) {
        super(uri, component);
        this.settings = settings;
    }

    @Override
    public boolean isMultipleConsumersSupported() {
        return true;
    }

    @Override
    public Producer createProducer() {
        throw new UnsupportedOperationException("Only the service publishes new keys");
    }

    @Override
    public Consumer createConsumer(Processor processor) throws Exception {
        RotatedClientKeysConsumer consumer = new RotatedClientKeysConsumer(this, processor, settings);
        configureConsumer(consumer);
        return consumer;
    }
}
