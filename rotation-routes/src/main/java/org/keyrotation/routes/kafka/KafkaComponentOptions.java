package org.keyrotation.routes.kafka;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.component.kafka.KafkaComponent;
import org.apache.camel.component.kafka.KafkaComponentConfigurer;
import org.apache.camel.component.kafka.KafkaEndpointUriFactory;
import org.keyrotation.routes.config.InvisibleCharacters;

/** The text options of the context's kafka component, by Camel's names. */
final class KafkaComponentOptions {

    private static final String BROKERS = "brokers";
    private static final Set<String> NAMES = new KafkaEndpointUriFactory().propertyNames();

    private final CamelContext context;
    private final KafkaComponent component;
    private final KafkaComponentConfigurer configurer = new KafkaComponentConfigurer();

    KafkaComponentOptions(CamelContext context) {
        this.context = context;
        this.component = context.getComponent("kafka", KafkaComponent.class);
    }

    /** Returns the options that are set, the defaults included. */
    Map<String, String> texts() {
        Map<String, String> texts = new TreeMap<>();
        NAMES.forEach(name -> {
            if (configurer.getOptionValue(component, name, true) instanceof String text) {
                texts.put(name, text);
            }
        });
        return texts;
    }

    /**
     * Removes the white space around each value. Kafka's clients ignore it, but Camel compares the values with it: a blank after
     * the security protocol would leave out the whole SASL configuration.
     */
    void strip() {
        texts().forEach((name, text) -> {
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

    private static String stripEach(String list) {
        return Stream.of(list.split(",", -1)).map(InvisibleCharacters::strip).collect(Collectors.joining(","));
    }
}
