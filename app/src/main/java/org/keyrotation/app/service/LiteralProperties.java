package org.keyrotation.app.service;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.component.properties.PropertiesComponent;
import org.jspecify.annotations.Nullable;
import org.keyrotation.routes.config.InvisibleCharacters;
import org.keyrotation.routes.config.PropertyFunctions;

/**
 * Camel's properties component, to which the environment, system properties and the results of property functions are literal
 * text. Camel Main resolves each value that it binds, and each result once more.
 */
final class LiteralProperties extends PropertiesComponent {

    private final Set<String> literals = ConcurrentHashMap.newKeySet();

    /** Makes this value literal text. */
    void add(String value) {
        if (value.contains(PREFIX_TOKEN)) {
            literals.add(value);
        }
    }

    @Override
    public @Nullable String parseUri(String uri, boolean keepUnresolvedOptional) {
        if (literals.contains(uri)) {
            return uri;
        }
        String resolved = PropertyFunctions.resolve(getCamelContext(), uri);
        if (resolved == null) {
            return null;
        }
        String value = InvisibleCharacters.strip(resolved);
        add(value);
        return value;
    }
}
