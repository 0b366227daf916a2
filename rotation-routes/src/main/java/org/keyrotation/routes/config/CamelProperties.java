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
 * The {@code rotation.*} properties of a Camel context: the host's own, then in Camel's order system property, environment,
 * sources. They go by these names here, whatever their prefix really is.
 *
 * <p>They are not looked up as placeholders, because Camel logs what it finds for one at TRACE; only a value that holds a
 * placeholder itself ({@code {{vault:...}}}, say) is resolved by Camel.
 */
public final class CamelProperties {

    private static final Pattern SECRET = Pattern.compile(".*\\.(key|username|password)");

    private final CamelContext context;
    private final Prefix prefix;
    private final Properties loaded;
    private final @Nullable ExternalProperties host;

    private CamelProperties(CamelContext context, Prefix prefix, Properties loaded, @Nullable ExternalProperties host) {
        this.context = context;
        this.prefix = prefix;
        this.loaded = loaded;
        this.host = host;
    }

    public static CamelProperties of(CamelContext context, Prefix prefix) {
        Properties loaded = context.getPropertiesComponent().loadProperties(name -> isOurs(prefix, name));
        ExternalProperties host = context.getRegistry().findSingleByType(ExternalProperties.class);
        return new CamelProperties(context, prefix, loaded, host);
    }

    private static boolean isOurs(Prefix prefix, String name) {
        return name.startsWith(prefix.name() + ".");
    }

    /** Those that have a name of their own; the environment's do not. */
    public Set<String> names() {
        Set<String> others = host == null ? System.getProperties().stringPropertyNames() : host.names();
        return Stream.concat(loaded.stringPropertyNames().stream(), others.stream())
                .filter(name -> isOurs(prefix, name))
                .map(name ->
                        Prefix.ROTATION.name() + name.substring(prefix.name().length()))
                .collect(Collectors.toSet());
    }

    @Nullable
    public String get(String name) {
        String value = raw(prefix.property(name));
        if (value == null || !value.contains("{{")) {
            return value;
        }
        if (SECRET.matcher(name).matches() && PropertyFunctions.isOneMissing(context, value)) {
            throw new IllegalArgumentException("no such property function");
        }
        return context.resolvePropertyPlaceholders(value);
    }

    private @Nullable String raw(String name) {
        String value = host == null ? null : host.get(name);
        if (value == null) {
            value = System.getProperty(name);
        }
        if (value == null) {
            value = IOHelper.lookupEnvironmentVariable(name);
        }
        return value == null ? loaded.getProperty(name) : value;
    }
}
