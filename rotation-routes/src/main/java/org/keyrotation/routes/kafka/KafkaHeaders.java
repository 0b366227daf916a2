package org.keyrotation.routes.kafka;

import org.apache.camel.component.kafka.KafkaConstants;

/**
 * Camel's headers for what is a Kafka record's own. Their names are others in a later Camel, and a compiler copies constants:
 * so the Camel that runs is asked.
 */
public final class KafkaHeaders {

    public static final String KEY = of("KEY");
    public static final String OFFSET = of("OFFSET");
    public static final String OVERRIDE_TIMESTAMP = of("OVERRIDE_TIMESTAMP");
    public static final String OVERRIDE_TOPIC = of("OVERRIDE_TOPIC");
    public static final String PARTITION = of("PARTITION");
    public static final String PARTITION_KEY = of("PARTITION_KEY");
    public static final String TOPIC = of("TOPIC");

    static final String RECORD_META = of("KAFKA_RECORD_META");

    private KafkaHeaders() {}

    private static String of(String constant) {
        try {
            return String.valueOf(KafkaConstants.class.getField(constant).get(null));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("This Camel has no KafkaConstants." + constant, e);
        }
    }
}
