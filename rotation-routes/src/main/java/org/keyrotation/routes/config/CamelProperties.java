package org.keyrotation.routes.config;

import java.util.Collection;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.util.IOHelper;
import org.jspecify.annotations.Nullable;
import org.keyrotation.routes.camel.Prefix;

/**
 * The {@code rotation.*} properties of a Camel context. External properties win over system properties, these over the
 * environment, and that over Camel's other sources. Their names begin with {@code rotation.} here, whatever the prefix is.
 *
 * <p>System properties and the environment hold literal text. Camel does not resolve the other values, since it logs them at
 * TRACE: {@link PropertyFunctions} does.
 */
final class CamelProperties {

    private static final Pattern SECRET = Pattern.compile(".*\\.(key|username|password)");
    private static final String CAMEL = "camel.";

    private final CamelContext context;
    private final Prefix prefix;
    private final Properties loaded;
    private final @Nullable ExternalProperties external;

    private CamelProperties(
            CamelContext context, Prefix prefix, Properties loaded, @Nullable ExternalProperties external) {
        this.context = context;
        this.prefix = prefix;
        this.loaded = loaded;
        this.external = external;
    }

    static CamelProperties load(CamelContext context, Prefix prefix) {
        Properties loaded = context.getPropertiesComponent()
                .loadProperties(name -> hasPrefix(prefix, name) || isMisspelt(prefix, name));
        ExternalProperties external = context.getRegistry().findSingleByType(ExternalProperties.class);
        return new CamelProperties(context, prefix, loaded, external);
    }

    private static boolean hasPrefix(Prefix prefix, String name) {
        return name.startsWith(prefix.name() + ".");
    }

    /** Whether the name would be one of ours, or of Camel's, without the invisible characters in it. */
    static boolean isMisspelt(Prefix prefix, String name) {
        String visible = InvisibleCharacters.remove(name);
        return !visible.equals(name) && (hasPrefix(prefix, visible) || visible.startsWith(CAMEL));
    }

    /** Environment variables are not among them: their names are not those of the properties. */
    Set<String> names() {
        return all().filter(name -> hasPrefix(prefix, name))
                .map(name ->
                        Prefix.ROTATION.name() + name.substring(prefix.name().length()))
                .collect(Collectors.toSet());
    }

    /** Returns the names that have invisible characters, with the prefix that they have. */
    Set<String> misspeltNames() {
        return all().filter(name -> isMisspelt(prefix, name)).collect(Collectors.toSet());
    }

    /**
     * Returns the environment variables that begin like ours and that no property reads. Those of another prefix, and of a
     * host application that reads the environment itself, may belong to the application.
     */
    List<String> unknownVariables(Set<String> knownProperties) {
        Collection<String> values =
                loaded.stringPropertyNames().stream().map(loaded::getProperty).toList();
        return external == null && prefix.equals(Prefix.ROTATION)
                ? EnvironmentVariables.unknown(System.getenv().keySet(), knownProperties, values)
                : List.of();
    }

    private Stream<String> all() {
        Set<String> others = external == null ? System.getProperties().stringPropertyNames() : external.names();
        return Stream.concat(loaded.stringPropertyNames().stream(), others.stream());
    }

    /** @throws IllegalArgumentException if a placeholder in the value cannot be resolved */
    @Nullable
    String get(String name) {
        String property = prefix.property(name);
        String value = external == null ? null : external.get(property);
        if (value == null) {
            String literal = literal(property);
            if (literal != null) {
                return literal;
            }
            value = loaded.getProperty(property);
        }
        return value == null ? null : resolve(name, value);
    }

    private static @Nullable String literal(String property) {
        String value = System.getProperty(property);
        return value == null ? IOHelper.lookupEnvironmentVariable(property) : value;
    }

    private @Nullable String resolve(String name, String value) {
        if (SECRET.matcher(name).matches() && PropertyFunctions.isAnyMissing(context, value)) {
            throw new IllegalArgumentException("missing property function");
        }
        return PropertyFunctions.resolve(context, value);
    }
}
