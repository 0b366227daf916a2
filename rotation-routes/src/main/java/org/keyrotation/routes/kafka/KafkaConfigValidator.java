package org.keyrotation.routes.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.security.auth.login.LoginException;
import org.apache.camel.CamelContext;
import org.apache.camel.component.kafka.KafkaConfiguration;
import org.apache.camel.util.ObjectHelper;
import org.apache.camel.util.StringHelper;
import org.jspecify.annotations.Nullable;
import org.keyrotation.routes.config.InvisibleCharacters;
import org.keyrotation.routes.config.PropertyFunctions;

/** Validator of the context's kafka component, {@code camel.component.kafka.*}. */
public final class KafkaConfigValidator {

    private static final Pattern NAMED_CONFIG = Pattern.compile("(?:configuration|config|in) ([a-z]+(?:\\.[a-z]+)+)");

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
        problems.addAll(unusableOptions(clients.configuration()));
        String refused = problems.isEmpty() ? refusedByKafka() : null;
        return refused == null ? problems : List.of(refused);
    }

    /**
     * Our records have their own keys, partitions and topics, and must survive the restart of a broker. A static member
     * inherits the group's generation, which tells a new partition owner from the previous one.
     */
    private static List<String> unusableOptions(KafkaConfiguration kafka) {
        String suffix = ": applies to every record of the component, expected unset";
        return Stream.of(
                        kafka.getKey() == null ? "" : "camel.component.kafka.key" + suffix,
                        kafka.getPartitionKey() == null ? "" : "camel.component.kafka.partition-key" + suffix,
                        kafka.getTopic() == null ? "" : "camel.component.kafka.topic" + suffix,
                        kafka.getGroupInstanceId() == null
                                ? ""
                                : "camel.component.kafka.group-instance-id: a restarted instance would pass for the one before,"
                                        + " expected unset",
                        Integer.valueOf(0).equals(kafka.getRetries())
                                ? "camel.component.kafka.retries: invalid value '0', expected at least 1, or unset"
                                : "")
                .filter(problem -> !problem.isEmpty())
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
                .filter(option -> option.getValue().indexOf('\uFFFD') >= 0)
                .map(option -> "camel.component.kafka." + StringHelper.camelCaseToDash(option.getKey())
                        + ": the locale of the process cannot decode it (U+FFFD), expected a UTF-8 locale, such as"
                        + " LC_ALL=C.UTF-8")
                .toList();
    }

    /** Returns the setting that Kafka's client refuses, or null. */
    private @Nullable String refusedByKafka() {
        try {
            clients.admin().close(Duration.ZERO);
            clients.groupConsumer().close(Duration.ZERO);
            return null;
        } catch (RuntimeException e) {
            Throwable cause = KafkaClients.rootCause(e);
            String option = optionFor(e);
            return KafkaClients.isUnresolvedHost(cause)
                    ? null
                    : "camel.component.kafka.%s: refused by Kafka's client (%s), expected %s"
                            .formatted(option, cause.getClass().getSimpleName(), expected(option));
        }
    }

    private static String expected(String option) {
        return switch (option) {
            case "brokers" -> "a list of host:port";
            case "session-timeout-ms" -> "more than camel.component.kafka.heartbeat-interval-ms";
            default -> "a value that Kafka documents";
        };
    }

    /** Returns Camel's name of the option that Kafka's error is about. */
    private String optionFor(Throwable e) {
        KafkaConfiguration configuration = clients.configuration();
        Throwable cause = KafkaClients.rootCause(e);
        String message = String.valueOf(cause.getMessage());
        Matcher name = NAMED_CONFIG.matcher(message);
        if (message.contains("JAAS") || cause instanceof LoginException) {
            return "sasl-jaas-config";
        }
        if (message.contains("Heartbeat must be set lower than the session timeout")) {
            return "session-timeout-ms";
        }
        if (isAbout(configuration.getSslTruststoreLocation(), e)) {
            return "ssl-truststore-location";
        }
        if (isAbout(configuration.getSslKeystoreLocation(), e)) {
            return "ssl-keystore-location";
        }
        return name.find()
                ? name.group(1).replace("bootstrap.servers", "brokers").replace('.', '-')
                : "*";
    }

    /** Kafka says "keystore" of a truststore, too. */
    private static boolean isAbout(@Nullable String store, Throwable e) {
        for (Throwable each : ObjectHelper.createExceptionIterable(e)) {
            if (store != null && String.valueOf(each.getMessage()).contains("SSL keystore " + store + " ")) {
                return true;
            }
        }
        return false;
    }
}
