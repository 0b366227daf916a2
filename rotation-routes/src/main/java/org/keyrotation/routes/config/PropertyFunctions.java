package org.keyrotation.routes.config;

import java.util.regex.Pattern;
import org.apache.camel.CamelContext;

/**
 * Property functions of vaults. Where its module is missing, Camel takes {@code {{aws:path}}} for the property aws, which
 * defaults to path: a secret would be its own path.
 */
public final class PropertyFunctions {

    private static final Pattern FUNCTION = Pattern.compile("\\{\\{\\??([A-Za-z0-9_-]+):");

    private PropertyFunctions() {}

    public static boolean isOneMissing(CamelContext context, String value) {
        return FUNCTION.matcher(value)
                .results()
                .anyMatch(match -> context.getPropertiesComponent().getPropertiesFunction(match.group(1)) == null);
    }
}
