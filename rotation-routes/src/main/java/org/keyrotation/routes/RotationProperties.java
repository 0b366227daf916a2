package org.keyrotation.routes;

import java.util.HashSet;
import java.util.Properties;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.util.IOHelper;
import org.jspecify.annotations.Nullable;

/**
 * The {@code rotation.*} properties of a Camel context, in Camel's order: system property, environment, sources.
 * They are not looked up as placeholders, because Camel logs what it finds for one at TRACE; only a value that holds a
 * placeholder itself ({@code {{vault:...}}}, say) is resolved by Camel.
 */
final class RotationProperties {

    private static final String PREFIX = "rotation.";
    private static final Pattern SECRET = Pattern.compile(".*\\.(key|username|password)");

    private final CamelContext context;
    private final Properties loaded;

    private RotationProperties(CamelContext context, Properties loaded) {
        this.context = context;
        this.loaded = loaded;
    }

    static RotationProperties of(CamelContext context) {
        Properties loaded = context.getPropertiesComponent().loadProperties(name -> name.startsWith(PREFIX));
        return new RotationProperties(context, loaded);
    }

    /** Those that have a name of their own; the environment's do not. */
    Set<String> names() {
        Set<String> names = new HashSet<>(loaded.stringPropertyNames());
        System.getProperties().stringPropertyNames().stream()
                .filter(name -> name.startsWith(PREFIX))
                .forEach(names::add);
        return names;
    }

    @Nullable
    String get(String name) {
        String value = raw(name);
        if (value == null || !value.contains("{{")) {
            return value;
        }
        if (SECRET.matcher(name).matches() && Vaults.isOneMissing(context, value)) {
            throw new IllegalArgumentException("no such property function");
        }
        return context.resolvePropertyPlaceholders(value);
    }

    private @Nullable String raw(String name) {
        String value = System.getProperty(name);
        if (value == null) {
            value = IOHelper.lookupEnvironmentVariable(name);
        }
        return value == null ? loaded.getProperty(name) : value;
    }
}
