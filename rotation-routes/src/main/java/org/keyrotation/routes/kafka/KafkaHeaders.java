package org.keyrotation.routes.kafka;

import org.apache.camel.component.kafka.KafkaConstants;

/**
 * Camel's header names for the parts of a Kafka record. Later versions of Camel rename them (CAMEL-23584), and the compiler
 * inlines constants: these are therefore read from the Camel version at run time.
 */
public final class KafkaHeaders {

    public static final String KEY = nameOf("KEY");
    public static final String OFFSET = nameOf("OFFSET");
    public static final String OVERRIDE_TIMESTAMP = nameOf("OVERRIDE_TIMESTAMP");
    public static final String OVERRIDE_TOPIC = nameOf("OVERRIDE_TOPIC");
    public static final String PARTITION = nameOf("PARTITION");
    public static final String PARTITION_KEY = nameOf("PARTITION_KEY");
    public static final String TOPIC = nameOf("TOPIC");

    static final String RECORD_META = nameOf("KAFKA_RECORD_META");

    private KafkaHeaders() {}

    private static String nameOf(String constant) {
        try {
            return String.valueOf(KafkaConstants.class.getField(constant).get(null));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("This version of Camel has no KafkaConstants." + constant, e);
        }
    }
}
