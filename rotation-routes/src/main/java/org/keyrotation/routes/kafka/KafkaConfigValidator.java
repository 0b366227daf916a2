package org.keyrotation.routes.kafka;

import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.component.kafka.KafkaConfiguration;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.keyrotation.routes.config.InvisibleCharacters;
import org.keyrotation.routes.config.PropertyFunctions;

/** Validator of the context's kafka component, {@code camel.component.kafka.*}. */
public final class KafkaConfigValidator {

    private static final Pattern SECRET =
            Pattern.compile("(?i)camel\\.component\\.kafka\\..*(password|jaas.?config).*");

    private final CamelContext context;
    private final KafkaClients clients;
    private final KafkaComponentOptions options;

    public KafkaConfigValidator(CamelContext context) {
        this.context = context;
        this.clients = new KafkaClients(context);
        this.options = new KafkaComponentOptions(context);
    }

    /** Removes the white space around the component's values, and returns the problems, one line each. */
    public List<String> problems() {
        options.strip();
        String brokers = clients.brokers();
        if (brokers == null || brokers.isBlank()) {
            return List.of(
                    "camel.component.kafka.brokers: missing, expected a list of host:port (without Camel Main, set"
                            + " the brokers of the context's kafka component)");
        }
        List<String> problems = new ArrayList<>(unresolvedSecrets());
        problems.addAll(undecodableTexts());
        problems.addAll(options.unusable());
        problems.addAll(refusedSettings());
        String refused = problems.isEmpty() ? new ClientProbe(clients, options).problem() : null;
        return refused == null ? problems : List.of(refused);
    }

    /** No setting has different values for producers and consumers. Camel's consumer adds the member's id itself. */
    private List<String> refusedSettings() {
        KafkaConfiguration configuration = clients.configuration();
        Properties settings = configuration.createProducerProperties();
        if (configuration.getGroupInstanceId() != null) {
            settings.put(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, configuration.getGroupInstanceId());
        }
        settings.putAll(configuration.createConsumerProperties());
        return RefusedSetting.in(settings)
                .map(refused -> options.property(refused.name()) + ": " + refused.message(settings))
                .toList();
    }

    /**
     * Camel has bound these options already, without the braces: to Camel, {@code {{vault:name}}} is {@code name}. A value that
     * has its braces is literal text.
     */
    private List<String> unresolvedSecrets() {
        Properties all = context.getPropertiesComponent()
                .loadProperties(name -> SECRET.matcher(name).matches());
        System.getProperties().stringPropertyNames().stream()
                .filter(name -> SECRET.matcher(name).matches())
                .forEach(name -> all.setProperty(name, System.getProperty(name)));
        return all.stringPropertyNames().stream()
                .filter(name -> PropertyFunctions.isAnyMissing(context, all.getProperty(name)))
                .filter(name -> !options.texts().containsValue(InvisibleCharacters.strip(all.getProperty(name))))
                .sorted()
                .map(name -> name
                        + ": unresolvable placeholder, expected one that Camel resolves with the modules on the class"
                        + " path")
                .toList();
    }

    /** A property function may return a variable that holds U+FFFD instead of its bytes. */
    private List<String> undecodableTexts() {
        return options.texts().entrySet().stream()
                .filter(option -> InvisibleCharacters.isUndecodable(option.getValue()))
                .map(option -> "%s: %s, expected %s"
                        .formatted(option.getKey(), InvisibleCharacters.UNDECODABLE, InvisibleCharacters.DECODABLE))
                .toList();
    }
}
