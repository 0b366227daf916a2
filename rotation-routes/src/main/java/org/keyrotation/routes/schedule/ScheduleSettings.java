package org.keyrotation.routes.schedule;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.keyrotation.model.CredentialId;
import org.keyrotation.routes.config.SettingsReader;

/**
 * Settings of scheduled rotation, {@code rotation.schedule.*}.
 *
 * @param enabled whether a timer runs the schedule; if false, only explicit calls run it
 * @param tick the period of the timer
 * @param interval the age from which a key is due for rotation
 * @param targets the named credentials, in addition to those of the file and of the companies
 * @param targetFile a file with one {@code companyId/apiCredentialId} a line, read at each tick; or null
 * @param companies the companies whose active credentials are all targets
 * @param exclude glob patterns of credentials that the schedule skips: {@code companyId/apiCredentialId}, or apiCredentialId
 *     alone
 * @param window the maintenance window in which the schedule sends requests
 * @param spread the period, in open time of the window, in which each due credential gets one slot; zero for no spread
 * @param firstRotation when a never-rotated credential is due
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

    /** When a never-rotated credential is due. */
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

    /** Whether there can be targets: named ones, a file or companies. */
    public boolean hasTargets() {
        return !targets.isEmpty() || targetFile != null || !companies.isEmpty();
    }
}
