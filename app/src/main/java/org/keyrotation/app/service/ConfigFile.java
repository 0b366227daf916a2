package org.keyrotation.app.service;

import static java.util.stream.Collectors.toCollection;
import static java.util.stream.Collectors.toMap;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.camel.main.Main;
import org.jspecify.annotations.Nullable;
import org.keyrotation.routes.config.InvisibleCharacters;
import org.keyrotation.routes.config.SettingsReader;

/**
 * The configuration file, from {@code --config FILE} or the environment variable {@code ROTATION_CONFIG}; may be absent. It
 * also looks up properties that the environment or a system property overrides.
 */
public final class ConfigFile {

    private static final String BYTE_ORDER_MARK = "\uFEFF";
    private static final Pattern OF_KUBERNETES = Pattern.compile(".*_(SERVICE_(HOST|PORT.*)|PORT_.*)");

    private static final Pattern OURS = Pattern.compile("(?:rotation|camel)[._]", Pattern.CASE_INSENSITIVE);

    private final Properties properties;

    private ConfigFile(Properties properties) {
        this.properties = properties;
    }

    public static ConfigFile of(@Nullable Path argument, @Nullable String environment) {
        if (argument != null) {
            return read(argument.toString());
        }
        String name = environment == null ? "" : InvisibleCharacters.strip(environment);
        return name.isEmpty() ? none() : read(name);
    }

    public static ConfigFile none() {
        return new ConfigFile(new Properties());
    }

    private static ConfigFile read(String name) {
        Properties properties = new Properties();
        try {
            properties.load(new StringReader(escaped(text(Path.of(name)))));
        } catch (IOException e) {
            throw unreadable(name, e.getClass().getSimpleName());
        } catch (IllegalArgumentException e) {
            throw unreadable(name, "a \\u that is no \\uXXXX; a backslash of a value is written twice");
        }
        properties.replaceAll((property, value) -> InvisibleCharacters.strip((String) value));
        return new ConfigFile(properties);
    }

    private static UsageException unreadable(String name, String reason) {
        return new UsageException(
                "configuration file '%s': cannot be read (%s), expected a readable UTF-8 properties file"
                        .formatted(name, reason));
    }

    /** @throws CharacterCodingException if it is not UTF-8; UTF-16 without a mark passes for UTF-8 with NULs */
    private static String text(Path file) throws IOException {
        String text = Files.readString(file);
        if (text.indexOf('\0') >= 0) {
            throw new CharacterCodingException();
        }
        return text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
    }

    /** Keeps the backslash before braces, which escapes a placeholder: properties files drop it. */
    private static String escaped(String text) {
        return text.replaceAll("(?<!\\\\)\\\\(?=\\{\\{|}})", "\\\\\\\\");
    }

    /** Returns the problems of names in all sources that invisible characters hide from us and from Camel, one line each. */
    List<String> misspeltNames(Map<String, String> environment) {
        return Stream.of(asMap(properties), environment, asMap(System.getProperties()))
                .flatMap(source -> source.keySet().stream())
                .filter(InvisibleCharacters::isAnyIn)
                .filter(name -> OURS.matcher(InvisibleCharacters.remove(name)).lookingAt())
                .map(SettingsReader::misspelt)
                .distinct()
                .sorted()
                .toList();
    }

    /** Looks a property up in Camel's order: system property, environment, file. */
    @Nullable
    String get(String property) {
        return get(property, System.getenv());
    }

    @Nullable
    String get(String property, Map<String, String> environment) {
        // Do not use Camel's IOHelper: it has a logger, which would initialise logging before the log settings are
        // known.
        String variable = environment.get(property.toUpperCase(Locale.ROOT).replaceAll("[.-]", "_"));
        String fallback = variable == null ? properties.getProperty(property) : variable;
        String value = fallback == null ? System.getProperty(property) : System.getProperty(property, fallback);
        return value == null ? null : InvisibleCharacters.strip(value);
    }

    /** Returns the properties whose names begin like this, with the values that {@link #get} returns. */
    Map<String, String> propertiesOf(String prefix, Map<String, String> environment) {
        String variables = prefix.toUpperCase(Locale.ROOT).replace('.', '_');
        Map<String, String> ours = new TreeMap<>(environment);
        ours.entrySet().removeIf(each -> !each.getKey().startsWith(variables) || isOfKubernetes(each));
        Map<String, String> found = new TreeMap<>();
        Stream.of(
                        properties.stringPropertyNames(),
                        System.getProperties().stringPropertyNames(),
                        ours.keySet().stream()
                                .map(name -> name.toLowerCase(Locale.ROOT).replace('_', '.'))
                                .collect(toCollection(TreeSet::new)))
                .flatMap(Set::stream)
                .filter(name -> name.startsWith(prefix))
                .forEach(name -> found.put(name, Objects.requireNonNull(get(name, ours))));
        return found;
    }

    /** Kubernetes injects these for a service that is called {@code rotation-page}. */
    private static boolean isOfKubernetes(Map.Entry<String, String> variable) {
        return OF_KUBERNETES.matcher(variable.getKey()).matches()
                || variable.getValue().matches("(tcp|udp|sctp)://.*");
    }

    /** Whether the property has this value in the file, with a placeholder. */
    boolean hasPlaceholder(String property, String value) {
        return value.contains("{{") && value.equals(properties.getProperty(property));
    }

    /** The names of the properties whose value contains the placeholder. */
    public Set<String> namesContaining(String placeholder) {
        Map<String, String> all = new TreeMap<>(asMap(properties));
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
                .filter(property ->
                        InvisibleCharacters.strip(property.getValue()).isEmpty())
                .map(Map.Entry::getKey)
                .collect(toCollection(TreeSet::new));
    }

    /** The names in the file that only the JVM reads, as system properties: its proxies and its stores for TLS. */
    Set<String> jvmProperties() {
        return properties.stringPropertyNames().stream()
                .filter(name -> name.matches("(https?\\.(proxy|nonProxy)|socksProxy|javax\\.net\\.ssl\\.).*"))
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
