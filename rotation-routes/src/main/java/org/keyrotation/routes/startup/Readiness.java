package org.keyrotation.routes.startup;

import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.keyrotation.routes.kafka.NotReadyReason;

/**
 * The result of a check.
 *
 * @param reason why requests cannot be processed, or null
 * @param warnings dangerous settings that do not prevent the processing of requests
 */
record Readiness(@Nullable NotReadyReason reason, List<String> warnings) {

    Readiness {
        warnings = List.copyOf(warnings);
    }

    static Readiness notReady(NotReadyReason reason) {
        return new Readiness(reason, List.of());
    }

    /** Returns this result with more warnings. */
    Readiness withWarnings(List<String> more) {
        return new Readiness(
                reason, Stream.concat(warnings.stream(), more.stream()).toList());
    }

    /** Returns this result with a reason, or without one. */
    Readiness with(@Nullable NotReadyReason other) {
        return new Readiness(other, warnings);
    }
}
