package org.keyrotation.app;

import static java.util.stream.Collectors.toCollection;
import static java.util.stream.Collectors.toMap;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.camel.main.Main;
import org.jspecify.annotations.Nullable;

/**
 * The configuration file, from {@code --config FILE} or the environment variable {@code ROTATION_CONFIG}; may be absent. It
 * also looks up properties that the environment or a system property overrides.
 */
final class ConfigFile {

    private final Properties properties;

    private ConfigFile(Properties properties) {
        this.properties = properties;
    }

    static ConfigFile of(@Nullable Path argument, @Nullable String environment) {
        if (argument != null) {
            return read(argument.toString());
        }
        return environment == null || environment.isBlank() ? none() : read(environment);
    }

    static ConfigFile none() {
        return new ConfigFile(new Properties());
    }

    private static ConfigFile read(String name) {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(Path.of(name))) {
            properties.load(reader);
            return new ConfigFile(properties);
        } catch (IOException | IllegalArgumentException e) {
            throw new UsageException(
                    "configuration file '%s': cannot be read (%s), expected a readable UTF-8 properties file"
                            .formatted(name, e.getClass().getSimpleName()));
        }
    }

    /** Looks a property up in Camel's order: system property, environment, file. */
    @Nullable
    String get(String property) {
        // Do not use Camel's IOHelper: it has a logger, which would initialise logging before the log settings are
        // known.
        String environment = System.getenv(property.toUpperCase(Locale.ROOT).replaceAll("[.-]", "_"));
        String fallback = environment == null ? properties.getProperty(property) : environment;
        return fallback == null ? System.getProperty(property) : System.getProperty(property, fallback);
    }

    /** The names of file properties, system properties and environment variables whose value contains the placeholder. */
    Set<String> namesContaining(String placeholder) {
        Map<String, String> all = new TreeMap<>(System.getenv());
        all.putAll(asMap(properties));
        all.putAll(asMap(System.getProperties()));
        all.values().removeIf(value -> !value.contains("{{") || !value.contains(placeholder));
        return all.keySet();
    }

    /** The names of Camel's properties whose effective value, by precedence, is empty. */
    Set<String> emptyCamelProperties(Map<String, String> environment) {
        Map<String, Map.Entry<String, String>> effective = new HashMap<>();
        Stream.of(asMap(properties), environment, asMap(System.getProperties()))
                .flatMap(source -> source.entrySet().stream())
                .filter(property -> property.getKey().startsWith("camel.")
                        || property.getKey().startsWith("CAMEL_"))
                .forEach(property -> effective.put(CamelEnvironment.normalized(property.getKey()), property));
        return effective.values().stream()
                .filter(property -> property.getValue().isBlank())
                .map(Map.Entry::getKey)
                .collect(toCollection(TreeSet::new));
    }

    private static Map<String, String> asMap(Properties properties) {
        return properties.stringPropertyNames().stream().collect(toMap(name -> name, properties::getProperty));
    }

    /** Adds the properties one by one: Camel would read a property location as ISO 8859-1. */
    void addTo(Main main) {
        properties.stringPropertyNames().forEach(name -> main.addInitialProperty(name, properties.getProperty(name)));
    }
}
