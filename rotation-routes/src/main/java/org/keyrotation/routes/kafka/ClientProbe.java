package org.keyrotation.routes.kafka;

import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.security.auth.login.LoginException;
import org.apache.camel.component.kafka.KafkaConfiguration;
import org.apache.camel.util.ObjectHelper;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.config.SaslConfigs;
import org.apache.kafka.common.config.SslConfigs;
import org.jspecify.annotations.Nullable;
import org.keyrotation.routes.kafka.ClientSettingsCheck.ChangedSettingException;

/** A probe that creates each kind of our Kafka clients once, to find a setting that Kafka's client refuses. */
final class ClientProbe {

    private static final Pattern NAMED_CONFIG = Pattern.compile("(?:configuration|config|in) ([a-z]+(?:\\.[a-z]+)+)");

    private final KafkaClients clients;
    private final KafkaComponentOptions options;

    ClientProbe(KafkaClients clients, KafkaComponentOptions options) {
        this.clients = clients;
        this.options = options;
    }

    /** Returns the problem of the setting that is refused, or null. */
    @Nullable
    String problem() {
        try {
            clients.admin().close(Duration.ZERO);
            clients.groupConsumer().close(Duration.ZERO);
            clients.routeProducer().close(Duration.ZERO);
        } catch (RuntimeException e) {
            String setting = settingOf(e);
            return problem(e, options.property(setting), expected(setting));
        }
        return clients.isClientFactoryOfHost() ? factoryProblem() : null;
    }

    private @Nullable String factoryProblem() {
        try {
            clients.consumer(Map.of()).close(Duration.ZERO);
            clients.producer(Map.of()).close(Duration.ZERO);
            return null;
        } catch (RuntimeException e) {
            return problem(e, options.property("kafkaClientFactory"), "a factory that keeps the settings it is given");
        }
    }

    private static @Nullable String problem(RuntimeException e, String property, String expected) {
        Throwable cause = KafkaClients.rootCause(e);
        if (KafkaClients.isUnresolvedHost(cause)) {
            return null;
        }
        return cause instanceof ChangedSettingException
                ? property + ": " + cause.getMessage()
                : "%s: refused by Kafka's client (%s), expected %s"
                        .formatted(property, cause.getClass().getSimpleName(), expected);
    }

    private static String expected(String setting) {
        return switch (setting) {
            case CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG -> "a list of host:port";
            case ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG -> "more than camel.component.kafka.heartbeat-interval-ms";
            default -> "a value that Kafka documents";
        };
    }

    /** Returns Kafka's name of the setting that the error is about. */
    private String settingOf(Throwable e) {
        KafkaConfiguration configuration = clients.configuration();
        Throwable cause = KafkaClients.rootCause(e);
        String message = String.valueOf(cause.getMessage());
        Matcher name = NAMED_CONFIG.matcher(message);
        if (message.contains("JAAS") || cause instanceof LoginException) {
            return SaslConfigs.SASL_JAAS_CONFIG;
        }
        if (message.contains("Heartbeat must be set lower than the session timeout")) {
            return ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG;
        }
        if (isAbout(configuration.getSslTruststoreLocation(), e)) {
            return SslConfigs.SSL_TRUSTSTORE_LOCATION_CONFIG;
        }
        if (isAbout(configuration.getSslKeystoreLocation(), e)) {
            return SslConfigs.SSL_KEYSTORE_LOCATION_CONFIG;
        }
        return name.find() ? name.group(1) : "*";
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
