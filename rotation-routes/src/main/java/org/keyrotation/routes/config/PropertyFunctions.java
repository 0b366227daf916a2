package org.keyrotation.routes.config;

import java.util.regex.Pattern;
import org.apache.camel.CamelContext;

/**
 * Camel's property functions in values, such as {@code {{vault:name}}}. Camel takes a placeholder of an unknown function for
 * a property with a default value: a secret would become the name of its vault.
 */
public final class PropertyFunctions {

    private static final Pattern FUNCTION = Pattern.compile("\\{\\{\\??([A-Za-z0-9_-]+):");

    private PropertyFunctions() {}

    /** Whether the value calls a function that the context does not have. */
    public static boolean isAnyMissing(CamelContext context, String value) {
        return FUNCTION.matcher(value)
                .results()
                .anyMatch(match -> context.getPropertiesComponent().getPropertiesFunction(match.group(1)) == null);
    }
}
