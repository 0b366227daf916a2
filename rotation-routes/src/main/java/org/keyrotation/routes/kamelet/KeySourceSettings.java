package org.keyrotation.routes.kamelet;

import static java.util.Objects.requireNonNullElse;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.keyrotation.model.KeyAcknowledgement;
import org.keyrotation.routes.config.InvisibleCharacters;

/**
 * The properties of the Kamelet {@code rotated-client-keys-source}, by the names in its file.
 *
 * @param topic the topic of new keys
 * @param bootstrapServers the brokers; null for those of the host
 * @param consumerGroup the consumer group; null for one of each start
 * @param autoOffsetReset where a group without committed offsets starts
 * @param waitsUntilUsable whether a key is delivered at its {@code usableFrom}, or at once
 * @param acknowledgeAs the consumer that acknowledges each key; null if none does
 * @param acknowledgementsTopic the topic of acknowledgements
 */
record KeySourceSettings(
        String topic,
        @Nullable String bootstrapServers,
        @Nullable String consumerGroup,
        String autoOffsetReset,
        boolean waitsUntilUsable,
        @Nullable String acknowledgeAs,
        String acknowledgementsTopic) {

    private static final String TOPIC = "topic";
    private static final String BOOTSTRAP_SERVERS = "bootstrapServers";
    private static final String CONSUMER_GROUP = "consumerGroup";
    private static final String AUTO_OFFSET_RESET = "autoOffsetReset";
    private static final String DELIVER = "deliver";
    private static final String ACKNOWLEDGE_AS = "acknowledgeAs";
    private static final String ACKNOWLEDGEMENTS_TOPIC = "acknowledgementsTopic";

    /** The names of the Kamelet's properties. */
    static final Set<String> NAMES = new TreeSet<>(Set.of(
            TOPIC,
            BOOTSTRAP_SERVERS,
            CONSUMER_GROUP,
            AUTO_OFFSET_RESET,
            DELIVER,
            ACKNOWLEDGE_AS,
            ACKNOWLEDGEMENTS_TOPIC));

    private static final String AT_ONCE = "at-once";
    private static final Predicate<String> IS_TOPIC =
            Pattern.compile("[A-Za-z0-9._-]{1,249}").asMatchPredicate();
    private static final String TOPIC_NAME = "a topic name of 1 to 249 letters, digits, '.', '_' and '-'";

    /**
     * Takes the properties out of the parameters of an endpoint.
     *
     * @throws IllegalArgumentException for the first invalid one
     */
    static KeySourceSettings take(String topic, Map<String, Object> parameters) {
        parameters.put(TOPIC, topic);
        Parameters taken = new Parameters(parameters);
        return new KeySourceSettings(
                requireNonNullElse(taken.text(TOPIC, IS_TOPIC, TOPIC_NAME), topic),
                taken.text(BOOTSTRAP_SERVERS, any -> true, "a list of host:port"),
                taken.text(CONSUMER_GROUP, any -> true, "the name of a consumer group"),
                requireNonNullElse(
                        taken.text(
                                AUTO_OFFSET_RESET,
                                Set.of("earliest", "latest", "none")::contains,
                                "earliest, latest or none"),
                        "earliest"),
                !AT_ONCE.equals(taken.text(DELIVER, Set.of("usable", AT_ONCE)::contains, "usable or " + AT_ONCE)),
                taken.text(
                        ACKNOWLEDGE_AS,
                        KeyAcknowledgement::isConsumer,
                        "a name of rotation.adoption.consumers, which matches [A-Za-z0-9][A-Za-z0-9._@-]{0,99}"),
                requireNonNullElse(
                        taken.text(ACKNOWLEDGEMENTS_TOPIC, IS_TOPIC, TOPIC_NAME), "rotation.acknowledgements"));
    }

    private record Parameters(Map<String, Object> values) {

        /** Returns null if the parameter is not set. */
        @Nullable
        String text(String name, Predicate<String> isValid, String expected) {
            Object value = values.remove(name);
            if (value == null) {
                return null;
            }
            String text = InvisibleCharacters.strip(value.toString());
            if (text.isEmpty() || !isValid.test(text)) {
                throw new IllegalArgumentException("%s: invalid value '%s', expected %s"
                        .formatted(name, InvisibleCharacters.show(text), expected));
            }
            return text;
        }
    }
}
