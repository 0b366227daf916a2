package org.keyrotation.routes.config;

import java.time.DateTimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.jspecify.annotations.Nullable;
import org.keyrotation.routes.camel.Prefix;

/**
 * Reader of the {@code rotation.*} properties into types. It collects all problems instead of stopping at the first. Names
 * begin with {@code rotation.} here, whatever the prefix is.
 */
public final class SettingsReader {

    /** The service has read them before. */
    private static final String OF_THE_PAGE = "rotation.page.";

    private static final String HIDDEN = "invalid value (not shown)";

    private final Prefix prefix;
    private final Set<String> names;
    private final Set<String> misspeltNames;
    private final Function<Set<String>, List<String>> unknownVariables;
    private final Function<String, @Nullable String> lookup;
    private final Map<String, String> defaults = new LinkedHashMap<>();
    private final Map<String, String> propertiesByTopic = new HashMap<>();
    private final List<String> problems = new ArrayList<>();

    private SettingsReader(
            Prefix prefix,
            Set<String> names,
            Set<String> misspeltNames,
            Function<Set<String>, List<String>> unknownVariables,
            Function<String, @Nullable String> lookup) {
        this.prefix = prefix;
        this.names = names;
        this.misspeltNames = misspeltNames;
        this.unknownVariables = unknownVariables;
        this.lookup = lookup;
    }

    /** Reads the properties of a Camel context that have this prefix. */
    public static SettingsReader of(CamelContext context, Prefix prefix) {
        CamelProperties properties = CamelProperties.load(context, prefix);
        Set<String> names = properties.names().stream()
                .filter(name -> !name.startsWith(OF_THE_PAGE))
                .collect(Collectors.toSet());
        return new SettingsReader(
                prefix, names, properties.misspeltNames(), properties::unknownVariables, properties::get);
    }

    /** Reads these properties alone. */
    public static SettingsReader of(Map<String, String> properties) {
        Set<String> misspeltNames = properties.keySet().stream()
                .filter(name -> CamelProperties.isMisspelt(Prefix.ROTATION, name))
                .collect(Collectors.toSet());
        return new SettingsReader(
                Prefix.ROTATION, properties.keySet(), misspeltNames, known -> List.of(), properties::get);
    }

    public Prefix prefix() {
        return prefix;
    }

    /** Returns the names of all properties that are set, except those that come from environment variables. */
    public Set<String> names() {
        return names;
    }

    /**
     * Reads a secret: the value of the property, or the content of the file that the property {@code …-file} names. The
     * supplier returns the content that the file has by then. No message holds the secret.
     *
     * @param isUsed whether the secret is needed: otherwise its file may be missing
     * @return null if neither property is set
     */
    public @Nullable Supplier<String> secret(String property, String expected, Predicate<String> rule, boolean isUsed) {
        String value = read(property, null, text -> text, expected, rule, true);
        String fileProperty = property + "-file";
        String file =
                read(fileProperty, null, text -> text, "the path of a file that holds " + expected, any -> true, true);
        if (value != null && file != null) {
            problem(fileProperty, "set together with " + property, "one of them");
        }
        if (file == null) {
            return value == null ? null : () -> value;
        }
        return isUsed ? secretFile(fileProperty, file, expected, rule) : SettingsReader::unused;
    }

    private static String unused() {
        throw new IllegalStateException("The secret was not read: it is not used");
    }

    private @Nullable Supplier<String> secretFile(
            String property, String file, String expected, Predicate<String> rule) {
        String content = "a UTF-8 file that holds " + expected + ", and nothing else";
        try {
            return SecretFile.open(prefix.rewrite(property), file, content, rule);
        } catch (UnreadableFileException e) {
            problem(property, e.getMessage(), content);
            return null;
        }
    }

    public String text(String property, String defaultValue, String expected, Predicate<String> rule) {
        return required(read(property, defaultValue, text -> text, expected, rule, false), defaultValue);
    }

    /** Reads the name of a topic. No two properties may name the same one. */
    public String topic(String property, String defaultValue) {
        String topic = topicPrefix(property, defaultValue);
        reserveTopic(property, topic);
        return topic;
    }

    /** Reads the first part of the names of topics, which the caller reserves. */
    public String topicPrefix(String property, String defaultValue) {
        return text(
                property,
                prefix.rewrite(defaultValue),
                "a topic name of 1 to 249 letters, digits, '.', '_' and '-'",
                name -> name.matches("[A-Za-z0-9._-]{1,249}") && !name.matches("\\.{1,2}"));
    }

    /** A topic of two properties would mix records that have different meanings. */
    public void reserveTopic(String property, String topic) {
        String other = propertiesByTopic.putIfAbsent(topic, property);
        if (other != null) {
            problem(property, "topic '%s' is that of %s, too".formatted(topic, other), "a topic of its own");
        }
    }

    public <T> T value(
            String property, String defaultValue, Function<String, T> parser, String expected, Predicate<T> rule) {
        return required(read(property, defaultValue, parser, expected, rule, false), parser.apply(defaultValue));
    }

    public boolean flag(String property, boolean defaultValue) {
        return value(
                property, Boolean.toString(defaultValue), SettingsReader::strictBoolean, "true or false", b -> true);
    }

    public int integer(String property, int defaultValue, int min, int max) {
        String expected = "a whole number from %d to %d".formatted(min, max);
        return value(property, Integer.toString(defaultValue), Integer::valueOf, expected, n -> n >= min && n <= max);
    }

    public Duration duration(String property, String defaultValue, Duration min, Duration max) {
        String expected = "an ISO-8601 duration from %s to %s, such as PT30S or P90D".formatted(min, max);
        return value(
                property, defaultValue, Duration::parse, expected, d -> d.compareTo(min) >= 0 && d.compareTo(max) <= 0);
    }

    /**
     * Adds a problem.
     *
     * @param wrong what is wrong, such as {@code invalid value 'x'}; never the value of a secret
     * @param expected what is expected
     */
    public void problem(String property, String wrong, String expected) {
        problems.add(
                prefix.rewrite("%s: %s, expected %s".formatted(property, InvisibleCharacters.show(wrong), expected)));
    }

    /** Adds a problem for each property and variable that is set and was not read. {@code rotation.log.*} belongs to the service. */
    public void rejectUnknown() {
        Set<String> unknown = new HashSet<>(names);
        unknown.removeAll(defaults.keySet());
        unknown.removeAll(misspeltNames);
        unknown.removeIf(name -> !name.startsWith("rotation.") || name.startsWith("rotation.log."));
        unknown.stream()
                .sorted()
                .forEach(name ->
                        problem(name, "unknown property", "one of the configuration reference in app/README.md"));
        unknownVariables
                .apply(defaults.keySet())
                .forEach(name -> problem(
                        name,
                        "unknown environment variable",
                        "that of a property of the configuration reference in app/README.md; the authentication of a"
                                + " single company is in the file or in system properties"));
        misspeltNames.stream().map(SettingsReader::misspelt).sorted().forEach(problems::add);
    }

    /** Describes the problem of a name that has invisible characters. */
    public static String misspelt(String name) {
        return "%s: the name holds the invisible character %s, expected the name without it"
                .formatted(InvisibleCharacters.remove(name), InvisibleCharacters.codePoints(name));
    }

    /** Returns the problems, one line each. */
    public List<String> problems() {
        return problems;
    }

    /**
     * Throws an exception with all problems, if there are any.
     *
     * @param otherProblems problems of settings that this reader does not read; they come first
     * @throws InvalidSettingsException if there is any problem
     */
    public void throwIfInvalid(List<String> otherProblems) {
        List<String> all = new ArrayList<>(otherProblems);
        all.addAll(problems);
        if (!all.isEmpty()) {
            throw new InvalidSettingsException(all);
        }
    }

    /** Returns the name of every property that was read, with its default, which is empty if it has none. */
    public Map<String, String> knownProperties() {
        return defaults;
    }

    private <T> @Nullable T read(
            String property,
            @Nullable String defaultValue,
            Function<String, T> parser,
            String expected,
            Predicate<T> rule,
            boolean isSecret) {
        defaults.put(property, defaultValue == null ? "" : defaultValue);
        String text;
        try {
            text = lookup.apply(property);
        } catch (UnreadableFileException e) {
            problem(property, e.getMessage(), UnreadableFileException.EXPECTED);
            return null;
        } catch (RuntimeException e) {
            problem(
                    property,
                    "unresolvable placeholder",
                    "one that Camel, with the modules on the class path, or its host application resolves, or \\{{ for"
                            + " literal braces");
            return null;
        }
        return text == null
                ? null
                : validate(property, InvisibleCharacters.strip(text), parser, expected, rule, isSecret);
    }

    private <T> @Nullable T validate(
            String property,
            String text,
            Function<String, T> parser,
            String expected,
            Predicate<T> rule,
            boolean isSecret) {
        if (InvisibleCharacters.isUndecodable(text)) {
            problem(property, InvisibleCharacters.UNDECODABLE, InvisibleCharacters.DECODABLE);
            return null;
        }
        T value = parse(text, parser);
        if (value == null || !rule.test(value)) {
            problem(property, text.isEmpty() ? "empty" : isSecret ? HIDDEN : invalid(text), expected);
            return null;
        }
        return value;
    }

    /** Text with an @ may be a URL that contains a password. */
    private static String invalid(String text) {
        return text.contains("@") ? HIDDEN : "invalid value '" + text + "'";
    }

    private static <T> @Nullable T parse(String text, Function<String, T> parser) {
        try {
            return text.isEmpty() ? null : parser.apply(text);
        } catch (IllegalArgumentException | DateTimeException e) {
            return null;
        }
    }

    private static Boolean strictBoolean(String text) {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException(text);
        };
    }

    private static <T> T required(@Nullable T value, T defaultValue) {
        return value == null ? defaultValue : value;
    }
}
