package org.keyrotation.app;

import java.util.Locale;
import java.util.Map;
import org.apache.camel.main.Main;

/**
 * Adds the environment variables of the Kafka component and of the management port to Camel Main. Camel Main 4.18.0 reads
 * neither: it compares component variables in the wrong case, and takes any {@code ..._PORT} for a variable that Kubernetes
 * injected. System properties take precedence.
 */
final class CamelEnvironment {

    private static final String KAFKA_PREFIX = "CAMEL_COMPONENT_KAFKA_";
    private static final String MANAGEMENT_PORT = "CAMEL_MANAGEMENT_PORT";

    private CamelEnvironment() {}

    static void addTo(Main main, Map<String, String> environment) {
        environment.forEach((name, value) -> {
            if ((name.startsWith(KAFKA_PREFIX) || name.equals(MANAGEMENT_PORT)) && !isSystemProperty(name)) {
                main.addOverrideProperty(property(name), value);
            }
        });
    }

    private static String property(String name) {
        String[] parts = name.toLowerCase(Locale.ROOT).split("_", name.startsWith(KAFKA_PREFIX) ? 4 : 3);
        return String.join(".", parts).replace('_', '-');
    }

    /** Compares normalized names, because Camel accepts both {@code saslJaasConfig} and {@code sasl-jaas-config}. */
    private static boolean isSystemProperty(String name) {
        String normalized = normalized(name);
        return System.getProperties().stringPropertyNames().stream()
                .anyMatch(property -> normalized(property).equals(normalized));
    }

    static String normalized(String name) {
        return name.replaceAll("[._-]", "").toLowerCase(Locale.ROOT);
    }
}
