package org.keyrotation.routes.config;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The properties of a host application that keeps them outside its Camel context, such as Spring's environment. If one is
 * bound in the context's registry, it is asked before Camel, so that the host's order of sources applies.
 */
public interface ExternalProperties {

    /** Returns the names of all properties, except environment variables, whose names are not those of the properties. */
    Set<String> names();

    /**
     * Returns the value, or null if the property is not set. Camel's placeholders in it are resolved; a backslash before the braces escapes them.
     */
    @Nullable
    String get(String name);
}
