package org.keyrotation.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The JSON document of the commands {@code rotate}, {@code replay} and {@code run}.
 *
 * @param requests the requests that the command made, or would make in a dry run
 * @param problems why the command failed, or why it did not request a rotation; empty if it has nothing to report
 */
public record RequestsReport(List<RequestReport> requests, @Nullable List<String> problems) {

    public RequestsReport {
        requests = List.copyOf(requests);
        problems = problems == null ? List.of() : List.copyOf(problems);
    }
}
