package org.keyrotation.routes;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The properties of a host that does not keep them in its Camel context. Where one is bound in the context's registry, it is
 * asked before Camel is: for the order of its sources, and for other spellings of a name, it answers itself.
 */
public interface HostProperties {

    /** All names that it knows in the spelling of the README, and not those of environment variables. */
    Set<String> names();

    /** The value; null where there is none. */
    @Nullable
    String get(String name);
}
