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
 * How a fleet is kept fresh.
 *
 * @param enabled whether a timer ticks; what is due can be asked for without one
 * @param tick how often it is looked at what is due
 * @param interval how old a key may get
 * @param targets these, besides those of the file and of the companies
 * @param targetFile one {@code companyId/apiCredentialId} a line, read at each tick; or null
 * @param companies every active credential of these
 * @param exclude credentials that are left alone: glob patterns of {@code companyId/apiCredentialId}, or of an apiCredentialId
 * @param window when keys may fall due
 * @param spread how long the window is open until all are rotated that got due together
 * @param firstRotation when a credential is due that the ledger never saw
 * @param paused whether nothing is asked for at first
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

    /** Of a credential that the ledger never saw. */
    public enum FirstRotation {
        /** An interval after it was first seen. */
        AFTER_INTERVAL,
        /** As soon as it is seen. */
        NOW
    }

    /**
     * Matches a credential's text as a path of two names.
     *
     * @throws java.util.regex.PatternSyntaxException for what is no glob pattern
     */
    public static PathMatcher matcher(String pattern) {
        String whole = pattern.contains("/") ? pattern : "*/" + pattern;
        return FileSystems.getDefault().getPathMatcher("glob:" + whole);
    }

    /** Whether there is anything to look after. */
    public boolean hasTargets() {
        return !targets.isEmpty() || targetFile != null || !companies.isEmpty();
    }

    public static ScheduleSettings read(SettingsReader in) {
        return new ScheduleProperties(in).read();
    }
}
