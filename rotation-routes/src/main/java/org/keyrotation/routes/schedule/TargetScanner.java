package org.keyrotation.routes.schedule;

import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.keyrotation.model.CredentialId;
import org.keyrotation.routes.api.CredentialLister;
import org.keyrotation.routes.api.ListingFailedException;
import org.keyrotation.routes.camel.Prefix;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The scanner finds the schedule's targets: named credentials, those of the file, and all of the companies. */
final class TargetScanner {

    private static final Logger LOG = LoggerFactory.getLogger(TargetScanner.class);

    private final Prefix prefix;
    private final ScheduleSettings settings;
    private final CredentialLister lister;
    private final @Nullable TargetFile file;
    private final Map<String, PathMatcher> exclusions = new LinkedHashMap<>();
    private final Map<String, Map<String, Boolean>> lastListings = new ConcurrentHashMap<>();
    private final Set<String> warned = ConcurrentHashMap.newKeySet();

    TargetScanner(Prefix prefix, ScheduleSettings settings, CredentialLister lister) {
        this.prefix = prefix;
        this.settings = settings;
        this.lister = lister;
        this.file = settings.targetFile() == null ? null : new TargetFile(settings.targetFile());
        settings.exclude().forEach(pattern -> exclusions.put(pattern, ScheduleSettings.matcher(pattern)));
    }

    /** Returns all targets. A company whose listing fails keeps the credentials of its last listing. */
    TargetScan scan() {
        Map<CredentialId, Target> targets = new LinkedHashMap<>();
        List<String> problems = new ArrayList<>();
        settings.targets().forEach(credential -> targets.put(credential, named(credential)));
        if (file != null) {
            file.read(problems).forEach(credential -> targets.put(credential, named(credential)));
        }
        for (String companyId : settings.companies()) {
            list(companyId, problems).forEach((id, active) -> addListed(targets, companyId, id, active, problems));
        }
        warnOfUnmatchedExclusions(targets.keySet());
        return new TargetScan(targets.values(), problems, lastListings.keySet().containsAll(settings.companies()));
    }

    private Map<String, Boolean> list(String companyId, List<String> problems) {
        try {
            Map<String, Boolean> listing = lister.list(companyId);
            if (listing.isEmpty()) {
                problems.add("The API lists no credentials of company " + companyId
                        + prefix.rewrite(" (rotation.schedule.companies)"));
            }
            lastListings.put(companyId, listing);
        } catch (ListingFailedException e) {
            problems.add(String.valueOf(e.getMessage()));
        }
        return lastListings.getOrDefault(companyId, Map.of());
    }

    /** A misspelt exclusion would rotate a key that the operator wants to keep. */
    private void warnOfUnmatchedExclusions(Collection<CredentialId> credentials) {
        exclusions.forEach((pattern, matcher) -> {
            if (credentials.stream().noneMatch(credential -> ScheduleSettings.matches(matcher, credential))
                    && warned.add(pattern)) {
                LOG.warn("Schedule: exclusion '{}' matches none of the {} credentials", pattern, credentials.size());
            }
        });
    }

    private void addListed(
            Map<CredentialId, Target> targets, String companyId, String id, boolean active, List<String> problems) {
        try {
            CredentialId credential = new CredentialId(companyId, id);
            boolean named = targets.containsKey(credential);
            targets.put(credential, new Target(credential, named, true, active, isExcluded(credential)));
        } catch (IllegalArgumentException e) {
            problems.add(
                    "The API lists a credential of company " + companyId + " with an invalid id: " + e.getMessage());
        }
    }

    private Target named(CredentialId credential) {
        return new Target(credential, true, false, true, isExcluded(credential));
    }

    private boolean isExcluded(CredentialId credential) {
        return exclusions.values().stream().anyMatch(matcher -> ScheduleSettings.matches(matcher, credential));
    }
}
