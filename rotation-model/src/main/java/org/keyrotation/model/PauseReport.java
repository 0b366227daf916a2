package org.keyrotation.model;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The JSON document of the commands that pause and resume the schedule of the whole fleet.
 *
 * @param paused whether the schedule is paused; null if the command failed
 * @param until when the pause ends by itself; null if it does not
 * @param by who paused or resumed the schedule; null if it was never paused
 * @param at when the schedule was paused or resumed
 * @param problems why the command failed, or what pauses the schedule otherwise; empty if it has nothing to report
 */
public record PauseReport(
        @Nullable Boolean paused,
        @Nullable Instant until,
        @Nullable String by,
        @Nullable Instant at,
        @Nullable List<String> problems) {

    public PauseReport {
        problems = problems == null ? List.of() : List.copyOf(problems);
    }

    /** The document of a command that failed. */
    public static PauseReport failed(List<String> problems) {
        return new PauseReport(null, null, null, null, problems);
    }
}
