package org.keyrotation.routes.schedule;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.keyrotation.model.CredentialId;
import org.keyrotation.routes.api.CredentialLister;
import org.keyrotation.routes.api.ListedCredential;
import org.keyrotation.routes.api.ListingFailedException;
import org.keyrotation.routes.camel.Prefix;
import org.keyrotation.routes.config.GlobPattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The scanner finds the schedule's targets: named credentials, those of the file, and all of the companies. */
final class TargetScanner {

    private static final Logger LOG = LoggerFactory.getLogger(TargetScanner.class);

    private final Prefix prefix;
    private final ScheduleSettings settings;
    private final CredentialLister lister;
    private final @Nullable TargetFile file;
    private final Map<String, GlobPattern> exclusions = new LinkedHashMap<>();
    private final Map<String, Map<String, ListedCredential>> lastListings = new ConcurrentHashMap<>();
    private final Set<String> warned = ConcurrentHashMap.newKeySet();

    TargetScanner(Prefix prefix, ScheduleSettings settings, CredentialLister lister) {
        this.prefix = prefix;
        this.settings = settings;
        this.lister = lister;
        this.file = settings.targetFile() == null ? null : new TargetFile(settings.targetFile());
        settings.exclude().forEach(pattern -> exclusions.put(pattern, new GlobPattern(pattern)));
    }

    /** Returns all targets. A company whose listing fails keeps the credentials of its last listing. */
    TargetScan scan() {
        Map<CredentialId, Target> targets = new LinkedHashMap<>();
        Set<String> listedNow = new HashSet<>();
        List<String> problems = new ArrayList<>();
        settings.targets().forEach(credential -> targets.put(credential, named(credential)));
        if (file != null) {
            file.read(problems).forEach(credential -> targets.put(credential, named(credential)));
        }
        for (String companyId : settings.companies()) {
            list(companyId, listedNow, problems)
                    .forEach((id, listed) -> addListed(targets, companyId, id, listed.active(), problems));
        }
        warnOfUnmatchedExclusions(targets.keySet());
        return new TargetScan(
                targets.values(),
                problems,
                lastListings.keySet().containsAll(settings.companies()),
                keyFingerprints(targets.values(), listedNow));
    }

    private Map<String, ListedCredential> list(String companyId, Set<String> listedNow, List<String> problems) {
        try {
            Map<String, ListedCredential> listing = lister.list(companyId);
            if (listing.isEmpty()) {
                problems.add("The API lists no credentials of company " + companyId
                        + prefix.rewrite(" (rotation.schedule.companies)"));
            }
            lastListings.put(companyId, listing);
            listedNow.add(companyId);
        } catch (ListingFailedException e) {
            problems.add(String.valueOf(e.getMessage()));
        }
        return lastListings.getOrDefault(companyId, Map.of());
    }

    /** A misspelt exclusion would rotate a key that the operator wants to keep. */
    private void warnOfUnmatchedExclusions(Collection<CredentialId> credentials) {
        exclusions.forEach((pattern, exclusion) -> {
            if (credentials.stream().map(CredentialId::toString).noneMatch(exclusion::matches) && warned.add(pattern)) {
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

    /** Returns those of the companies that were listed now: a key of an earlier listing may have been rotated since. */
    private Map<CredentialId, String> keyFingerprints(Collection<Target> targets, Set<String> listedNow) {
        Map<CredentialId, String> fingerprints = new HashMap<>();
        for (Target target : targets) {
            CredentialId credential = target.credential();
            ListedCredential listed = listedNow.contains(credential.companyId())
                    ? lastListings
                            .getOrDefault(credential.companyId(), Map.of())
                            .get(credential.apiCredentialId())
                    : null;
            if (listed != null && listed.keyFingerprint() != null) {
                fingerprints.put(credential, listed.keyFingerprint());
            }
        }
        return fingerprints;
    }

    private Target named(CredentialId credential) {
        return new Target(credential, true, false, true, isExcluded(credential));
    }

    private boolean isExcluded(CredentialId credential) {
        return exclusions.values().stream().anyMatch(exclusion -> exclusion.matches(credential.toString()));
    }
}
