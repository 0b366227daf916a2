package org.keyrotation.routes.schedule;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.keyrotation.model.CredentialId;
import org.keyrotation.routes.camel.Prefix;
import org.keyrotation.routes.config.GlobPattern;
import org.keyrotation.routes.ledger.LedgerEntry;

/** The due dates of the schedule's targets, from the settings and the ledger alone: without a call of the API. */
public final class DueDates {

    /** A credential that has been due for this long is overdue. */
    public static final Duration OVERDUE_AFTER = Duration.ofDays(1);

    private final CredentialPlanner planner;
    private final Set<CredentialId> named;
    private final Set<String> companies;
    private final List<GlobPattern> exclusions;

    private DueDates(ScheduleSettings settings, Set<CredentialId> named) {
        this.planner = new CredentialPlanner(Prefix.ROTATION, settings);
        this.named = named;
        this.companies = Set.copyOf(settings.companies());
        this.exclusions = settings.exclude().stream().map(GlobPattern::new).toList();
    }

    /**
     * Reads the target file, if there is one.
     *
     * @param problems receives a problem for each invalid line, or if the file cannot be read
     */
    public static DueDates of(ScheduleSettings settings, List<String> problems) {
        Set<CredentialId> named = new HashSet<>(settings.targets());
        if (settings.targetFile() != null) {
            named.addAll(new TargetFile(settings.targetFile()).read(problems));
        }
        return new DueDates(settings, named);
    }

    /**
     * Returns when the credential is due; null if the schedule does not name it or excludes it, or if the ledger does not know
     * it. An inactive credential of a company has a due date, too: the ledger does not know that it is inactive.
     */
    public @Nullable Instant dueAt(CredentialId credential, LedgerEntry entry, Instant now) {
        boolean isTarget = (named.contains(credential) || companies.contains(credential.companyId()))
                && exclusions.stream().noneMatch(exclusion -> exclusion.matches(credential.toString()));
        return isTarget && !entry.equals(LedgerEntry.UNSEEN) ? planner.dueAt(credential, entry, now) : null;
    }

    /** Whether a credential with this due date is overdue. */
    public static boolean isOverdue(Instant dueAt, Instant now) {
        return !dueAt.plus(OVERDUE_AFTER).isAfter(now);
    }
}
