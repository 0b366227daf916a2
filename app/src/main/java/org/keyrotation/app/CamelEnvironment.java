package org.keyrotation.app;

import java.util.Locale;
import java.util.Map;
import org.apache.camel.main.Main;

/**
 * The environment's variables for Kafka and for the management port. Camel Main 4.18.0 reads neither: it compares
 * component variables in the wrong case, and takes any {@code ..._PORT} for one that Kubernetes injected. A system
 * property comes before them, as everywhere.
 */
final class CamelEnvironment {

    private static final String KAFKA = "CAMEL_COMPONENT_KAFKA_";
    private static final String MANAGEMENT_PORT = "CAMEL_MANAGEMENT_PORT";

    private CamelEnvironment() {}

    static void addTo(Main main, Map<String, String> environment) {
        environment.forEach((name, value) -> {
            if ((name.startsWith(KAFKA) || name.equals(MANAGEMENT_PORT)) && !isSystemProperty(name)) {
                main.addOverrideProperty(property(name), value);
            }
        });
    }

    private static String property(String name) {
        String[] parts = name.toLowerCase(Locale.ROOT).split("_", name.startsWith(KAFKA) ? 4 : 3);
        return String.join(".", parts).replace('_', '-');
    }

    /** Camel takes {@code saslJaasConfig} for {@code sasl-jaas-config}. */
    private static boolean isSystemProperty(String name) {
        String letters = lettersOf(name);
        return System.getProperties().stringPropertyNames().stream()
                .anyMatch(property -> lettersOf(property).equals(letters));
    }

    static String lettersOf(String name) {
        return name.replaceAll("[._-]", "").toLowerCase(Locale.ROOT);
    }
}
