package org.keyrotation.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The JSON document of the command {@code failures}.
 *
 * @param failures the newest failure of each credential that no key has followed, and each failure of a request that could
 *     not be read, the newest first
 * @param problems why the command failed; empty if it did not
 */
public record FailuresReport(List<OpenFailure> failures, @Nullable List<String> problems) {

    public FailuresReport {
        failures = List.copyOf(failures);
        problems = problems == null ? List.of() : List.copyOf(problems);
    }
}
