package org.keyrotation.routes.kafka;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.component.kafka.KafkaComponent;
import org.apache.camel.component.kafka.KafkaComponentConfigurer;
import org.apache.camel.component.kafka.KafkaEndpointUriFactory;
import org.apache.camel.spi.BeanIntrospection;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.util.StringHelper;
import org.keyrotation.routes.config.InvisibleCharacters;

/** The options of the context's kafka component, by Camel's names. */
final class KafkaComponentOptions {

    private static final String BROKERS = "brokers";
    private static final String PREFIX = "camel.component.kafka.";
    private static final Set<String> NAMES = new KafkaEndpointUriFactory().propertyNames();

    /** Options that an endpoint cannot unset, and what they do to each record or consumer of ours. */
    static final Map<String, String> REFUSED = new TreeMap<>(Map.of(
            "key", "applies to every record of the component",
            "offsetRepository", "the consumers would start at its offsets",
            "partitionKey", "applies to every record of the component",
            "seekTo", "the consumers would skip or repeat records at each assignment",
            "topic", "applies to every record of the component"));

    /** Kafka's names that Camel's option does not have, with dots for hyphens. */
    private static final Map<String, String> OPTION_BY_SETTING = Map.of(
            "acks", "request-required-acks",
            "batch.size", "producer-batch-size",
            "bootstrap.servers", BROKERS,
            "buffer.memory", "buffer-memory-size",
            "compression.type", "compression-codec",
            "connections.max.idle.ms", "connection-max-idle-ms",
            "fetch.max.wait.ms", "fetch-wait-max-ms");

    private final CamelContext context;
    private final KafkaComponent component;
    private final KafkaComponentConfigurer configurer = new KafkaComponentConfigurer();

    KafkaComponentOptions(CamelContext context) {
        this.context = context;
        this.component = context.getComponent("kafka", KafkaComponent.class);
    }

    /** Returns the texts that are set, the defaults included, by their properties. */
    Map<String, String> texts() {
        Map<String, String> texts = new TreeMap<>();
        component.getConfiguration().getAdditionalProperties().forEach((name, value) -> {
            if (value instanceof String text) {
                texts.put(property(name), text);
            }
        });
        options().forEach((name, text) -> texts.put(property(name), text));
        return texts;
    }

    private Map<String, String> options() {
        Map<String, String> options = new TreeMap<>();
        NAMES.forEach(name -> {
            if (configurer.getOptionValue(component, name, true) instanceof String text) {
                options.put(name, text);
            }
        });
        return options;
    }

    /**
     * Removes the white space around each value. Kafka's clients ignore it, but Camel compares the values with it: a blank after
     * the security protocol would leave out the whole SASL configuration.
     */
    void strip() {
        options().forEach((name, text) -> {
            String stripped = name.equals(BROKERS) ? stripEach(text) : InvisibleCharacters.strip(text);
            if (!stripped.equals(text)) {
                configurer.configure(context, component, name, stripped, true);
            }
        });
        Map<String, Object> additional =
                new HashMap<>(component.getConfiguration().getAdditionalProperties());
        additional.replaceAll((name, value) -> value instanceof String text ? InvisibleCharacters.strip(text) : value);
        component.getConfiguration().setAdditionalProperties(additional);
    }

    /** Returns the problems of the options that would spoil every record or consumer of ours, one line each. */
    List<String> unusable() {
        BeanIntrospection beans = PluginHelper.getBeanIntrospection(context);
        return REFUSED.entrySet().stream()
                .filter(option ->
                        beans.getOrElseProperty(component.getConfiguration(), option.getKey(), null, false) != null)
                .map(option -> property(option.getKey()) + ": " + option.getValue() + ", expected unset")
                .toList();
    }

    /** Returns the property of a client's setting, as the user wrote it. */
    String property(String setting) {
        return component.getConfiguration().getAdditionalProperties().containsKey(setting)
                ? PREFIX + "additional-properties[" + setting + "]"
                : PREFIX + OPTION_BY_SETTING.getOrDefault(setting, dashed(setting));
    }

    private static String dashed(String name) {
        return StringHelper.camelCaseToDash(name).replace('.', '-');
    }

    private static String stripEach(String list) {
        return Stream.of(list.split(",", -1)).map(InvisibleCharacters::strip).collect(Collectors.joining(","));
    }
}
