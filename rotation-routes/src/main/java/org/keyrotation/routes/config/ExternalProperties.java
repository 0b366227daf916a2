package org.keyrotation.routes.config;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The properties of a host that does not keep them in its Camel context. Where one is bound in the context's registry, it is
 * asked before Camel is, so that the host's order of sources counts.
 */
public interface ExternalProperties {

    /** Names of all that it holds; without environment variables, whose names are not those of their properties. */
    Set<String> names();

    /** The value; null where there is none. */
    @Nullable
    public String get(String name);
}
