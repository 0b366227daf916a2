package org.keyrotation.routes;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.security.auth.login.LoginException;
import org.apache.camel.CamelContext;
import org.apache.camel.component.kafka.KafkaComponent;
import org.apache.camel.component.kafka.KafkaConfiguration;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.errors.ApiException;
import org.jspecify.annotations.Nullable;

/** Kafka's admin client, reached and secured as the context's kafka component is. */
final class KafkaAdmin {

    private static final int TIMEOUT_MS = 5_000;
    private static final Pattern NAMED = Pattern.compile("(?:configuration|config|in) ([a-z]+(?:\\.[a-z]+)+)");

    private static final Pattern SECRET =
            Pattern.compile("(?i)camel\\.component\\.kafka\\..*(password|jaas.?config).*");

    private KafkaAdmin() {}

    private static boolean isConfigured(CamelContext context) {
        String brokers = configuration(context).getBrokers();
        return brokers != null && !brokers.isBlank();
    }

    /** Of the context's kafka component, one line each. */
    static List<String> problems(CamelContext context) {
        if (!isConfigured(context)) {
            return List.of("camel.component.kafka.brokers: it is missing; allowed is a list of host:port (without Camel"
                    + " Main, brokers of the context's kafka component)");
        }
        List<String> problems = secretsOfMissingVaults(context);
        List<String> all = new ArrayList<>(problems);
        all.addAll(optionsThatWouldSpoilRecords(configuration(context)));
        String problem = all.isEmpty() ? problem(context) : null;
        return problem == null ? all : List.of(problem);
    }

    /** Our records have keys, partitions and topics of their own, and must survive a broker that is restarted. */
    private static List<String> optionsThatWouldSpoilRecords(KafkaConfiguration kafka) {
        String suffix = ": it is set for every record of the component; allowed is to leave it unset there";
        return Stream.of(
                        kafka.getKey() == null ? "" : "camel.component.kafka.key" + suffix,
                        kafka.getPartitionKey() == null ? "" : "camel.component.kafka.partition-key" + suffix,
                        kafka.getTopic() == null ? "" : "camel.component.kafka.topic" + suffix,
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
                .filter(name -> Vaults.isOneMissing(context, all.getProperty(name)))
                .sorted()
                .map(name ->
                        name + ": its placeholder cannot be resolved; allowed is one that Camel, with the modules on"
                                + " the class path, can resolve")
                .toList();
    }

    static String brokers(CamelContext context) {
        return configuration(context).getBrokers();
    }

    static Admin open(CamelContext context) {
        Properties properties = configuration(context).createProducerProperties();
        properties.keySet().retainAll(AdminClientConfig.configNames());
        properties.put(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, brokers(context));
        properties.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, TIMEOUT_MS);
        properties.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, TIMEOUT_MS);
        return Admin.create(properties);
    }

    /** What Kafka's client says of settings that it refuses, or null; hosts that cannot be resolved may be tomorrow. */
    private static @Nullable String problem(CamelContext context) {
        try {
            open(context).close(Duration.ZERO);
            return null;
        } catch (RuntimeException e) {
            boolean unresolved = String.valueOf(deepest(e).getMessage()).contains("No resolvable bootstrap");
            return unresolved
                    ? null
                    : "camel.component.kafka.%s: Kafka's client refuses it (%s); allowed is what Kafka documents"
                            .formatted(
                                    option(e, configuration(context)),
                                    deepest(e).getClass().getSimpleName());
        }
    }

    /** Kafka's own words, unless they are about a setting: they would quote its value. */
    static String reason(Throwable e) {
        Throwable cause = deepest(e);
        return cause instanceof ApiException || cause instanceof IOException
                ? cause.toString()
                : cause.getClass().getSimpleName();
    }

    /** Camel's name for what Kafka's words are about. */
    private static String option(Throwable e, KafkaConfiguration configuration) {
        String message = String.valueOf(deepest(e).getMessage());
        Matcher name = NAMED.matcher(message);
        if (message.contains("JAAS") || deepest(e) instanceof LoginException) {
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
    private static boolean isAbout(@Nullable String store, @Nullable Throwable e) {
        return store != null
                && e != null
                && (String.valueOf(e.getMessage()).contains("SSL keystore " + store + " ")
                        || isAbout(store, e.getCause()));
    }

    private static Throwable deepest(Throwable e) {
        return e.getCause() == null ? e : deepest(e.getCause());
    }

    private static KafkaConfiguration configuration(CamelContext context) {
        return context.getComponent("kafka", KafkaComponent.class).getConfiguration();
    }
}
