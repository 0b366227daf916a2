package org.keyrotation.app.service;

import static java.util.stream.Collectors.toMap;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.camel.main.Main;
import org.keyrotation.routes.config.InvisibleCharacters;

/**
 * Camel's properties of the process: environment variables and system properties. Their values are literal text, without the
 * white space around it. System properties take precedence.
 *
 * <p>The variables replace those that Camel Main 4.18.0 reads: it compares component variables in the wrong case, takes any {@code
 * ..._PORT} for a variable that Kubernetes injected, and keeps white space.
 */
final class CamelEnvironment {

    private static final String PREFIX = "CAMEL_";
    private static final String PROPERTY_PREFIX = "camel.";
    private static final String KAFKA_PREFIX = "CAMEL_COMPONENT_KAFKA_";
    private static final String MANAGEMENT_PORT = "CAMEL_MANAGEMENT_PORT";
    private static final Pattern OF_KUBERNETES = Pattern.compile(".*(_SERVICE_HOST|_PORT|_PORT_.*)");
    private static final Pattern OTHER_COMPONENTS = Pattern.compile("CAMEL_(COMPONENT|DATAFORMAT|LANGUAGE)_.*");
    private static final Pattern NESTED = Pattern.compile("CAMEL_(COMPONENT|VAULT)_.*");

    private CamelEnvironment() {}

    static void addTo(Main main, LiteralProperties literals, Map<String, String> environment) {
        main.configure().setAutoConfigurationEnvironmentVariablesEnabled(false);
        camelVariables(environment).forEach((name, value) -> {
            if (!isSystemProperty(name)) {
                literals.add(value);
                main.addOverrideProperty(property(name), value);
            }
        });
        systemProperties().forEach((name, value) -> {
            literals.add(value);
            System.setProperty(name, value);
        });
    }

    /** Returns the problems of values that the process's locale cannot decode, one line each. */
    static List<String> problems(Map<String, String> environment) {
        return Stream.of(camelVariables(environment), systemProperties())
                .flatMap(source -> source.entrySet().stream())
                .filter(property -> InvisibleCharacters.isUndecodable(property.getValue()))
                .map(property -> "%s: %s, expected %s"
                        .formatted(property.getKey(), InvisibleCharacters.UNDECODABLE, InvisibleCharacters.DECODABLE))
                .toList();
    }

    private static Map<String, String> camelVariables(Map<String, String> environment) {
        Map<String, String> variables = new TreeMap<>();
        environment.forEach((name, value) -> {
            if (isCamels(name)) {
                variables.put(name, InvisibleCharacters.strip(value));
            }
        });
        return variables;
    }

    private static Map<String, String> systemProperties() {
        return System.getProperties().stringPropertyNames().stream()
                .filter(name -> name.startsWith(PROPERTY_PREFIX))
                .collect(toMap(name -> name, name -> InvisibleCharacters.strip(System.getProperty(name))));
    }

    private static boolean isCamels(String name) {
        return name.startsWith(KAFKA_PREFIX)
                || name.equals(MANAGEMENT_PORT)
                || (name.startsWith(PREFIX)
                        && !OF_KUBERNETES.matcher(name).matches()
                        && !OTHER_COMPONENTS.matcher(name).matches());
    }

    private static String property(String name) {
        String[] parts =
                name.toLowerCase(Locale.ROOT).split("_", NESTED.matcher(name).matches() ? 4 : 3);
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
