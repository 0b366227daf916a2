package org.keyrotation.routes.spring;

import static org.springframework.core.env.StandardEnvironment.SYSTEM_PROPERTIES_PROPERTY_SOURCE_NAME;

import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.keyrotation.routes.config.ExternalProperties;
import org.keyrotation.routes.config.PropertyFunctions;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/**
 * The properties of Spring's {@code Environment}, by its rules of relaxed binding. The value of a YAML sequence is the
 * comma-separated text of its elements. Company ids keep their exact spelling.
 *
 * <p>They are not added to Camel's properties component: the host's context would then resolve more properties than without
 * this library.
 */
final class SpringProperties implements ExternalProperties {

    /** The switch of the auto-configuration. It is no setting of the routes. */
    static final String ENABLED = "rotation.enabled";

    private static final Pattern LIST =
            Pattern.compile("[^.]+\\.(retry\\.delays|schedule\\.(targets|companies|exclude)|adoption\\.consumers)");

    private static final Pattern ELEMENT = Pattern.compile("(.+)\\[\\d+]");

    /** An id with other characters than letters, digits and dashes is usually in brackets, as Spring recommends. */
    private static final Pattern COMPANY =
            Pattern.compile("(?i)([^.]+\\.api\\.companies)(?:\\.(.+)|\\[(.+)])\\.([^.]+)");

    private static final Pattern ENVIRONMENT_VARIABLE = Pattern.compile("([A-Z][A-Z0-9]*)_[A-Z0-9_]+");

    private static final Pattern REFERENCE = Pattern.compile("\\$\\{([^${}:]+)}");

    private final ConfigurableEnvironment environment;

    SpringProperties(ConfigurableEnvironment environment) {
        this.environment = environment;
    }

    @Override
    public Set<String> names() {
        return sources()
                .filter(source -> !(source instanceof SystemEnvironmentPropertySource))
                .flatMap(SpringProperties::rawNames)
                .map(SpringProperties::canonical)
                .filter(name -> !name.equals(ENABLED))
                .collect(Collectors.toSet());
    }

    @Override
    public @Nullable String get(String name) {
        if (COMPANY.matcher(name).matches()) {
            return exact(name);
        }
        return firstNonNull(boundSources().map(source -> relaxed(source, name)));
    }

    /** Passes each raw name and its value to the consumer, in the order of the property sources. */
    void forEach(BiConsumer<String, Supplier<String>> consumer) {
        sources().forEach(source -> rawNames(source)
                .forEach(raw -> consumer.accept(raw, () -> resolved(source, source.getProperty(raw)))));
    }

    /** Relaxed binding would mix the companies acme-corp and acmecorp, and send one's API key for the other. */
    private @Nullable String exact(String name) {
        return firstNonNull(sources().flatMap(source -> Stream.concat(rawNames(source), Stream.of(name))
                .filter(raw -> canonical(raw).equals(name) && source.containsProperty(raw))
                .map(raw -> resolved(source, source.getProperty(raw)))));
    }

    /** Elements of one source only: the sequences of two profiles are not mixed. */
    private @Nullable String relaxed(ConfigurationPropertySource source, String name) {
        ConfigurationPropertyName property = ConfigurationPropertyName.of(name);
        ConfigurationProperty value = source.getConfigurationProperty(property);
        if (value != null) {
            return resolved(source.getUnderlyingSource(), value.getValue());
        }
        List<String> elements = LIST.matcher(name).matches() ? elements(source, property) : List.of();
        return elements.isEmpty() ? null : String.join(",", elements);
    }

    /** A missing element is empty, which the reader of the setting refuses. */
    private List<String> elements(ConfigurationPropertySource source, ConfigurationPropertyName list) {
        if (!(source instanceof IterableConfigurationPropertySource iterable)) {
            return List.of();
        }
        int size = iterable.stream()
                .filter(list::isParentOf)
                .filter(name -> name.isNumericIndex(name.getNumberOfElements() - 1))
                .mapToInt(name -> Integer.parseInt(name.getLastElement(Form.ORIGINAL)) + 1)
                .max()
                .orElse(0);
        return IntStream.range(0, size)
                .mapToObj(index -> source.getConfigurationProperty(list.append("[" + index + "]")))
                .map(element -> element == null ? "" : resolved(source.getUnderlyingSource(), element.getValue()))
                .toList();
    }

    /** Values of the process are literal, and those that a reference names: a secret may hold the braces of a placeholder. */
    private String resolved(@Nullable Object source, @Nullable Object value) {
        String text = toText(value);
        if (isLiteral(source)) {
            return PropertyFunctions.escape(text);
        }
        Matcher reference = REFERENCE.matcher(text);
        if (reference.matches()) {
            String literal = firstNonNull(sources()
                    .filter(candidate -> candidate.containsProperty(reference.group(1)))
                    .limit(1)
                    .filter(SpringProperties::isLiteral)
                    .map(literalSource -> toText(literalSource.getProperty(reference.group(1)))));
            if (literal != null) {
                return PropertyFunctions.escape(literal);
            }
        }
        String resolved = environment.resolveRequiredPlaceholders(text);
        return text.contains("{{") ? resolved : PropertyFunctions.escape(resolved);
    }

    private String toText(@Nullable Object value) {
        return Objects.requireNonNullElse(environment.getConversionService().convert(value, String.class), "");
    }

    private static boolean isLiteral(@Nullable Object source) {
        boolean isSystemProperties = source instanceof PropertySource<?> other
                && other.getName().equals(SYSTEM_PROPERTIES_PROPERTY_SOURCE_NAME);
        return isSystemProperties || source instanceof SystemEnvironmentPropertySource;
    }

    private Stream<PropertySource<?>> sources() {
        return environment.getPropertySources().stream()
                .filter(source -> !ConfigurationPropertySources.isAttachedConfigurationPropertySource(source));
    }

    private Stream<ConfigurationPropertySource> boundSources() {
        return StreamSupport.stream(
                ConfigurationPropertySources.get(environment).spliterator(), false);
    }

    private static Stream<String> rawNames(PropertySource<?> source) {
        return source instanceof EnumerablePropertySource<?> enumerable
                ? Stream.of(enumerable.getPropertyNames())
                : Stream.empty();
    }

    /**
     * Returns the name as the configuration reference spells it. The name of an environment variable in a file, where Spring
     * ignores it, becomes one that is unknown.
     */
    private static String canonical(String raw) {
        Matcher company = COMPANY.matcher(raw);
        if (company.matches()) {
            String id = company.group(2) == null ? company.group(3) : company.group(2);
            return kebab(company.group(1)) + "." + id + "." + kebab(company.group(4));
        }
        Matcher variable = ENVIRONMENT_VARIABLE.matcher(raw);
        if (variable.matches()) {
            return variable.group(1).toLowerCase(Locale.ROOT) + "." + raw;
        }
        String name = kebab(raw);
        Matcher element = ELEMENT.matcher(name);
        return element.matches() && LIST.matcher(element.group(1)).matches() ? element.group(1) : name;
    }

    private static String kebab(String name) {
        return name.replaceAll("(?<=[a-z0-9])(?=[A-Z])", "-").replace('_', '-').toLowerCase(Locale.ROOT);
    }

    private static <T> @Nullable T firstNonNull(Stream<@Nullable T> values) {
        return values.filter(Objects::nonNull).findFirst().orElse(null);
    }
}
