package org.keyrotation.routes.kafka;

import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerInterceptor;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerInterceptor;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Check of the settings that a Kafka client has in the end: the client factory of a host may have changed those that it was
 * given. It is an interceptor because Kafka shows interceptors the settings of their client. It leaves the records alone.
 */
public final class ClientSettingsCheck
        implements ProducerInterceptor<Object, Object>, ConsumerInterceptor<Object, Object> {

    /** Name of the client property that holds the expected settings. */
    static final String EXPECTED = "key-rotation.expected-settings";

    /** @throws ChangedSettingException if the client has another setting than expected, or a refused one */
    @Override
    public void configure(Map<String, ?> settings) {
        if (settings.get(EXPECTED) instanceof Map<?, ?> expected) {
            expected.forEach((name, value) -> requireUnchanged(settings, String.valueOf(name), value));
        }
        RefusedSetting.in(settings).forEach(refused -> {
            throw new ChangedSettingException(refused.name(), refused.message(settings));
        });
    }

    private static void requireUnchanged(Map<String, ?> settings, String name, Object expected) {
        Object value = settings.get(name);
        String found = value == null ? ClientSettings.UNSET : value.toString();
        if (!found.equals(expected.toString())) {
            throw new ChangedSettingException(name, "invalid value '%s', expected %s".formatted(found, expected));
        }
    }

    @Override
    public ProducerRecord<Object, Object> onSend(ProducerRecord<Object, Object> sent) {
        return sent;
    }

    @Override
    public ConsumerRecords<Object, Object> onConsume(ConsumerRecords<Object, Object> polled) {
        return polled;
    }

    @Override
    public void onAcknowledgement(@Nullable RecordMetadata metadata, @Nullable Exception failure) {}

    @Override
    public void onCommit(Map<TopicPartition, OffsetAndMetadata> offsets) {}

    @Override
    public void close() {}

    /** The client factory of the component has changed a setting. */
    static final class ChangedSettingException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        ChangedSettingException(String name, String problem) {
            super("sets " + name + ": " + problem);
        }
    }
}
