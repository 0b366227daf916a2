package org.keyrotation.routes;

import java.util.regex.Pattern;
import org.apache.camel.CamelContext;

/**
 * Property functions of vaults. Where its module is missing, Camel takes {@code {{aws:path}}} for the property aws, which
 * defaults to path: a secret would be its own path.
 */
final class Vaults {

    private static final Pattern FUNCTION = Pattern.compile("\\{\\{\\??([A-Za-z0-9_-]+):");

    private Vaults() {}

    static boolean isOneMissing(CamelContext context, String value) {
        return FUNCTION.matcher(value)
                .results()
                .anyMatch(match -> context.getPropertiesComponent().getPropertiesFunction(match.group(1)) == null);
    }
}
