package org.keyrotation.routes.kafka;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;

/**
 * A setting of Kafka's clients that stops the start, because our clients cannot override it.
 *
 * @param name Kafka's name
 * @param problem the problem, with {@code %s} for the value
 * @param expected the accepted values
 * @param isAccepted whether a client may have these settings
 */
record RefusedSetting(String name, String problem, String expected, Predicate<Map<?, ?>> isAccepted) {

    private static final String INVALID = "invalid value '%s'";
    private static final String GROUP_PROTOCOL = "group.protocol";
    private static final Map<String, String> DEFAULTS = Map.of(
            GROUP_PROTOCOL,
            "classic",
            ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG,
            "300000",
            ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG,
            "45000");

    /** A request of 64 KiB is forwarded and deferred as it is, with headers. */
    private static final int MIN_REQUEST_BYTES = 128 * 1024;

    /**
     * The heartbeat lease lasts for the session timeout, which is the broker's in the consumer protocol. It must have ended when
     * the group gives the partitions to another member: at {@code max.poll.interval.ms}, and never within the session, as it does
     * when a second static member has the id of the first.
     */
    static final List<RefusedSetting> ALL = List.of(
            ifSet(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, "a restarted instance would pass for the one before"),
            ifSet(ProducerConfig.TRANSACTIONAL_ID_CONFIG, "the producers of the routes would fence each other"),
            new RefusedSetting(GROUP_PROTOCOL, INVALID, "classic", settings -> valueIn(settings, GROUP_PROTOCOL)
                    .equalsIgnoreCase("classic")),
            new RefusedSetting(
                    ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG,
                    INVALID,
                    "at least session.timeout.ms",
                    settings -> isAtLeast(
                            valueIn(settings, ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG),
                            valueIn(settings, ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG))),
            new RefusedSetting(
                    ProducerConfig.LINGER_MS_CONFIG,
                    INVALID,
                    "at most " + TopicProducer.MAX_LINGER_MS,
                    settings -> isAtLeast(
                            String.valueOf(TopicProducer.MAX_LINGER_MS),
                            valueIn(settings, ProducerConfig.LINGER_MS_CONFIG))),
            ifBelow(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, MIN_REQUEST_BYTES),
            ifBelow(ProducerConfig.BUFFER_MEMORY_CONFIG, MIN_REQUEST_BYTES));

    /** Returns those in the settings of a client. */
    static Stream<RefusedSetting> in(Map<?, ?> settings) {
        return ALL.stream().filter(setting -> !setting.isAccepted.test(settings));
    }

    /** Returns the problem and the expected value. */
    String message(Map<?, ?> settings) {
        return problem.formatted(valueIn(settings, name)) + ", expected " + expected;
    }

    private static RefusedSetting ifSet(String name, String problem) {
        return new RefusedSetting(name, problem, ClientSettings.UNSET, settings -> valueIn(settings, name)
                .isEmpty());
    }

    private static RefusedSetting ifBelow(String name, int min) {
        return new RefusedSetting(
                name, INVALID, "at least " + min, settings -> isAtLeast(valueIn(settings, name), String.valueOf(min)));
    }

    private static String valueIn(Map<?, ?> settings, String name) {
        Object value = settings.get(name);
        return value == null ? DEFAULTS.getOrDefault(name, "") : Objects.toString(value);
    }

    /** Kafka refuses a text that is no number. */
    private static boolean isAtLeast(String value, String min) {
        try {
            return Long.parseLong(value) >= Long.parseLong(min);
        } catch (NumberFormatException e) {
            return true;
        }
    }
}
