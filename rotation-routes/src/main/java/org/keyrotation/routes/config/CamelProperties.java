package org.keyrotation.routes.config;

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
 * <p>Camel logs the value of a placeholder at TRACE. Only a value that contains a placeholder itself is therefore resolved
 * by Camel; the properties are not.
 */
final class CamelProperties {

    private static final Pattern SECRET = Pattern.compile(".*\\.(key|username|password)");

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
        Properties loaded = context.getPropertiesComponent().loadProperties(name -> hasPrefix(prefix, name));
        ExternalProperties external = context.getRegistry().findSingleByType(ExternalProperties.class);
        return new CamelProperties(context, prefix, loaded, external);
    }

    private static boolean hasPrefix(Prefix prefix, String name) {
        return name.startsWith(prefix.name() + ".");
    }

    /** Environment variables are not among them: their names are not those of the properties. */
    Set<String> names() {
        Set<String> others = external == null ? System.getProperties().stringPropertyNames() : external.names();
        return Stream.concat(loaded.stringPropertyNames().stream(), others.stream())
                .filter(name -> hasPrefix(prefix, name))
                .map(name ->
                        Prefix.ROTATION.name() + name.substring(prefix.name().length()))
                .collect(Collectors.toSet());
    }

    /** @throws IllegalArgumentException if a placeholder in the value cannot be resolved */
    @Nullable
    String get(String name) {
        String value = unresolved(prefix.property(name));
        if (value == null || !value.contains("{{")) {
            return value;
        }
        if (SECRET.matcher(name).matches() && PropertyFunctions.isAnyMissing(context, value)) {
            throw new IllegalArgumentException("missing property function");
        }
        return context.resolvePropertyPlaceholders(value);
    }

    private @Nullable String unresolved(String name) {
        String value = external == null ? null : external.get(name);
        if (value == null) {
            value = System.getProperty(name);
        }
        if (value == null) {
            value = IOHelper.lookupEnvironmentVariable(name);
        }
        return value == null ? loaded.getProperty(name) : value;
    }
}
