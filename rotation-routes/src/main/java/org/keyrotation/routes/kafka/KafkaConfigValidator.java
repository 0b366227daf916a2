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
import org.jspecify.annotations.Nullable;
import org.keyrotation.routes.config.PropertyFunctions;

/** {@code camel.component.kafka.*}: what of it cannot be used. */
public final class KafkaConfigValidator {

    private static final Pattern NAMED = Pattern.compile("(?:configuration|config|in) ([a-z]+(?:\\.[a-z]+)+)");

    private static final Pattern SECRET =
            Pattern.compile("(?i)camel\\.component\\.kafka\\..*(password|jaas.?config).*");

    private KafkaConfigValidator() {}

    /** Of the context's kafka component, one line each. */
    public static List<String> problems(CamelContext context) {
        String brokers = KafkaClients.brokers(context);
        if (brokers == null || brokers.isBlank()) {
            return List.of("camel.component.kafka.brokers: it is missing; allowed is a list of host:port (without Camel"
                    + " Main, brokers of the context's kafka component)");
        }
        List<String> problems = new ArrayList<>(secretsOfMissingVaults(context));
        problems.addAll(optionsThatWouldSpoilRecords(KafkaClients.configuration(context)));
        String refused = problems.isEmpty() ? refusedByKafka(context) : null;
        return refused == null ? problems : List.of(refused);
    }

    /**
     * Our records have keys, partitions and topics of their own, and must survive a broker that is restarted; and a new owner
     * of a partition is told from the one before by the group's generation, which a static member inherits.
     */
    private static List<String> optionsThatWouldSpoilRecords(KafkaConfiguration kafka) {
        String suffix = ": it is set for every record of the component; allowed is to leave it unset there";
        return Stream.of(
                        kafka.getKey() == null ? "" : "camel.component.kafka.key" + suffix,
                        kafka.getPartitionKey() == null ? "" : "camel.component.kafka.partition-key" + suffix,
                        kafka.getTopic() == null ? "" : "camel.component.kafka.topic" + suffix,
                        kafka.getGroupInstanceId() == null
                                ? ""
                                : "camel.component.kafka.group-instance-id: it is set; allowed is to leave it unset, as a"
                                        + " new instance must not be taken for the one before",
                        Integer.valueOf(0).equals(kafka.getRetries())
                                ? "camel.component.kafka.retries: it is 0; allowed is at least 1, or to leave it unset"
                                : "")
                .filter(problem -> !problem.isEmpty())
                .toList();
    }

    /** As Camel Main is told them; they are bound by now, and wrong. */
    private static List<String> secretsOfMissingVaults(CamelContext context) {
        Properties all = context.getPropertiesComponent()
                .loadProperties(name -> SECRET.matcher(name).matches());
        System.getProperties().stringPropertyNames().stream()
                .filter(name -> SECRET.matcher(name).matches())
                .forEach(name -> all.setProperty(name, System.getProperty(name)));
        return all.stringPropertyNames().stream()
                .filter(name -> PropertyFunctions.isOneMissing(context, all.getProperty(name)))
                .sorted()
                .map(name ->
                        name + ": its placeholder cannot be resolved; allowed is one that Camel, with the modules on"
                                + " the class path, can resolve")
                .toList();
    }

    /** What Kafka's client says of settings that it refuses, or null; hosts that cannot be resolved may be tomorrow. */
    private static @Nullable String refusedByKafka(CamelContext context) {
        try {
            KafkaClients.open(context).close(Duration.ZERO);
            return null;
        } catch (RuntimeException e) {
            Throwable cause = KafkaClients.deepest(e);
            return String.valueOf(cause.getMessage()).contains("No resolvable bootstrap")
                    ? null
                    : "camel.component.kafka.%s: Kafka's client refuses it (%s); allowed is what Kafka documents"
                            .formatted(
                                    optionFor(e, KafkaClients.configuration(context)),
                                    cause.getClass().getSimpleName());
        }
    }

    /** Camel's name for what Kafka's words are about. */
    private static String optionFor(Throwable e, KafkaConfiguration configuration) {
        Throwable cause = KafkaClients.deepest(e);
        String message = String.valueOf(cause.getMessage());
        Matcher name = NAMED.matcher(message);
        if (message.contains("JAAS") || cause instanceof LoginException) {
            return "sasl-jaas-config";
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

    /** Kafka says keystore of a truststore, too. */
    private static boolean isAbout(@Nullable String store, Throwable e) {
        for (Throwable each : ObjectHelper.createExceptionIterable(e)) {
            if (store != null && String.valueOf(each.getMessage()).contains("SSL keystore " + store + " ")) {
                return true;
            }
        }
        return false;
    }
}
