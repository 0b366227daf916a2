package org.keyrotation.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The JSON document of the command {@code status}.
 *
 * @param credentials the status of each credential, those that need a person first
 * @param problems why the report may be incomplete, or why the command failed; empty if it is complete
 */
public record StatusReport(List<CredentialStatus> credentials, @Nullable List<String> problems) {

    public StatusReport {
        credentials = List.copyOf(credentials);
        problems = problems == null ? List.of() : List.copyOf(problems);
    }
}
