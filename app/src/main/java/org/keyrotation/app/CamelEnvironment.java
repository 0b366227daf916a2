package org.keyrotation.app;

import java.util.Locale;
import java.util.Map;
import org.apache.camel.main.Main;

/**
 * The environment's variables for Kafka and for the management port. Camel Main 4.18.0 reads neither: it compares
 * component variables in the wrong case, and takes any {@code ..._PORT} for one that Kubernetes injected.
 */
final class CamelEnvironment {

    private static final String KAFKA = "CAMEL_COMPONENT_KAFKA_";
    private static final String MANAGEMENT_PORT = "CAMEL_MANAGEMENT_PORT";

    private CamelEnvironment() {}

    static void addTo(Main main, Map<String, String> environment) {
        environment.forEach((name, value) -> {
            if (name.startsWith(KAFKA)) {
                String option =
                        name.substring(KAFKA.length()).toLowerCase(Locale.ROOT).replace('_', '-');
                main.addOverrideProperty("camel.component.kafka." + option, value);
            }
        });
        if (environment.containsKey(MANAGEMENT_PORT)) {
            main.addOverrideProperty("camel.management.port", environment.get(MANAGEMENT_PORT));
        }
    }
}
