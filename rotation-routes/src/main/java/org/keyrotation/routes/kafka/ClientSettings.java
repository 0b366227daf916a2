package org.keyrotation.routes.kafka;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * The settings that every client of ours has, whatever the kafka component says, by Kafka's names. Other clients of the
 * component keep those of the host. {@link RefusedSetting} has those that cannot be overridden.
 */
final class ClientSettings {

    /** Stands for a setting that our clients do not have. */
    static final String UNSET = "unset";

    static final Map<String, String> CONSUMER = Map.of(
            ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, "false",
            ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest",
            ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false",
            ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed",
            ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class.getName(),
            ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG, CooperativeStickyAssignor.class.getName(),
            ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class.getName());

    static final Map<String, String> PRODUCER = Map.of(
            ProducerConfig.ACKS_CONFIG, "all",
            ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, "true",
            ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, "1",
            ProducerConfig.PARTITIONER_CLASS_CONFIG, UNSET,
            ProducerConfig.PARTITIONER_IGNORE_KEYS_CONFIG, "false",
            ProducerConfig.RETRIES_CONFIG, String.valueOf(Integer.MAX_VALUE));

    private ClientSettings() {}

    /** Returns the properties with those of every consumer and those of this one. */
    static Properties consumer(Properties properties, Map<String, ?> own) {
        return override(properties, CONSUMER, own);
    }

    /** Returns the properties with those of every producer and those of this one. */
    static Properties producer(Properties properties, Map<String, ?> own) {
        return override(properties, PRODUCER, own);
    }

    /** Interceptors could change records: our clients have one alone, which checks that they have these settings. */
    private static Properties override(Properties properties, Map<String, ?> all, Map<String, ?> own) {
        Map<String, Object> overridden = new HashMap<>(all);
        overridden.putAll(own);
        overridden.put(ProducerConfig.INTERCEPTOR_CLASSES_CONFIG, List.of(ClientSettingsCheck.class));
        Properties result = new Properties();
        result.putAll(properties);
        overridden.forEach((name, value) -> {
            if (value.equals(UNSET)) {
                result.remove(name);
            } else {
                result.put(name, value);
            }
        });
        result.put(ClientSettingsCheck.EXPECTED, overridden);
        return result;
    }
}
