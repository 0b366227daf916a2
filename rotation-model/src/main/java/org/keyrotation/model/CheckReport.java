package org.keyrotation.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The JSON document of the command that checks the environment of the service.
 *
 * @param checks the checks, in the order in which they were made
 * @param problems why the command failed before it had a check; empty if it has nothing to report
 */
public record CheckReport(List<Check> checks, @Nullable List<String> problems) {

    public CheckReport {
        checks = List.copyOf(checks);
        problems = problems == null ? List.of() : List.copyOf(problems);
    }

    /**
     * One check.
     *
     * @param name what is checked
     * @param detail what was found, and for a failure what is expected, for a person to read
     */
    public record Check(String name, Result result, String detail) {}

    /** The result of a check. */
    public enum Result {
        /** Nothing to do. */
        @JsonProperty("ok")
        OK,
        /** It works, and may be dangerous, or could not be looked at. */
        @JsonProperty("warning")
        WARNING,
        /** The service would not work. */
        @JsonProperty("failed")
        FAILED,
        /** It could not be checked, because an earlier check failed. */
        @JsonProperty("skipped")
        SKIPPED
    }
}
