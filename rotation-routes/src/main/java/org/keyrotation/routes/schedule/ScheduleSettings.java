package org.keyrotation.routes.schedule;

import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.keyrotation.model.CredentialId;
import org.keyrotation.routes.config.SettingsReader;

/**
 * The settings of the schedule.
 *
 * @param enabled whether a timer runs the schedule; due rotations can be requested without it
 * @param tick the period of the timer
 * @param interval the maximum age of a key
 * @param targets the named credentials, in addition to those of the file and of the companies
 * @param targetFile a file with one {@code companyId/apiCredentialId} a line, read at each tick; or null
 * @param companies the companies whose active credentials are all targets
 * @param exclude glob patterns of credentials that are never rotated, of {@code companyId/apiCredentialId} or apiCredentialId
 * @param window when credentials may fall due
 * @param spread the open time of the window over which credentials that become ready together are spread; zero for none
 * @param firstRotation when a credential is due that was never rotated
 * @param paused whether the schedule starts paused
 */
public record ScheduleSettings(
        boolean enabled,
        Duration tick,
        Duration interval,
        List<CredentialId> targets,
        @Nullable Path targetFile,
        List<String> companies,
        List<String> exclude,
        MaintenanceWindow window,
        Duration spread,
        FirstRotation firstRotation,
        boolean paused) {

    public ScheduleSettings {
        targets = List.copyOf(targets);
        companies = List.copyOf(companies);
        exclude = List.copyOf(exclude);
    }

    /** When a credential is due that was never rotated. */
    public enum FirstRotation {
        /** One interval after the ledger first saw it. */
        AFTER_INTERVAL,
        /** As soon as the schedule sees it. */
        NOW
    }

    /** Reads {@code rotation.schedule.*}. The reader collects the problems. */
    public static ScheduleSettings read(SettingsReader in) {
        return new ScheduleSettingsReader(in).read();
    }

    /**
     * Returns a matcher of the path {@code companyId/apiCredentialId}.
     *
     * @throws java.util.regex.PatternSyntaxException for an invalid glob pattern
     */
    static PathMatcher matcher(String pattern) {
        String whole = pattern.contains("/") ? pattern : "*/" + pattern;
        return FileSystems.getDefault().getPathMatcher("glob:" + whole);
    }

    /** Whether there can be targets: named ones, a file or companies. */
    public boolean hasTargets() {
        return !targets.isEmpty() || targetFile != null || !companies.isEmpty();
    }
}
