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
 * The file that {@code --config FILE} names, or the environment's {@code ROTATION_CONFIG}, or none; and what comes before
 * it.
 */
final class ConfigFile {

    private static final String ALLOWED = "allowed is --config FILE, a readable UTF-8 file of properties";

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
                    "the file '" + name + "' cannot be read (" + e.getClass().getSimpleName() + "); " + ALLOWED);
        }
    }

    /** In Camel's order: system property, environment, file. */
    @Nullable
    String get(String property) {
        // Not by Camel's IOHelper, which has a logger, and so would set up logging before its settings are known.
        String environment = System.getenv(property.toUpperCase(Locale.ROOT).replaceAll("[.-]", "_"));
        String fallback = environment == null ? properties.getProperty(property) : environment;
        return fallback == null ? System.getProperty(property) : System.getProperty(property, fallback);
    }

    /** The names of properties and variables, from anywhere, whose value holds this placeholder. */
    Set<String> holding(String placeholder) {
        Map<String, String> all = new TreeMap<>(System.getenv());
        all.putAll(texts(properties));
        all.putAll(texts(System.getProperties()));
        all.values().removeIf(value -> !value.contains("{{") || !value.contains(placeholder));
        return all.keySet();
    }

    /** The names of Camel's properties, from anywhere, that have no value, and none that comes before it. */
    Set<String> emptyOnesOfCamel(Map<String, String> environment) {
        Map<String, Map.Entry<String, String>> last = new HashMap<>();
        Stream.of(texts(properties), environment, texts(System.getProperties()))
                .flatMap(each -> each.entrySet().stream())
                .filter(each ->
                        each.getKey().startsWith("camel.") || each.getKey().startsWith("CAMEL_"))
                .forEach(each -> last.put(CamelEnvironment.lettersOf(each.getKey()), each));
        return last.values().stream()
                .filter(each -> each.getValue().isBlank())
                .map(Map.Entry::getKey)
                .collect(toCollection(TreeSet::new));
    }

    private static Map<String, String> texts(Properties properties) {
        return properties.stringPropertyNames().stream().collect(toMap(name -> name, properties::getProperty));
    }

    /** Not as a location, which Camel would read as ISO 8859-1. */
    void addTo(Main main) {
        properties.stringPropertyNames().forEach(name -> main.addInitialProperty(name, properties.getProperty(name)));
    }
}
