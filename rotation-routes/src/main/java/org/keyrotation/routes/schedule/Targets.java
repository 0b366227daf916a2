package org.keyrotation.routes.schedule;

import java.nio.file.Path;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which credentials there are to look after: those that are named, and all of some companies. */
final class Targets {

    private static final Logger LOG = LoggerFactory.getLogger(ScheduleRoutes.class);

    private final ScheduleSettings settings;
    private final CredentialLister companies;
    private final @Nullable TargetFile file;
    private final Map<String, PathMatcher> exclude = new LinkedHashMap<>();
    private final Map<String, Map<String, Boolean>> lastLists = new ConcurrentHashMap<>();
    private final Set<String> warnedOf = ConcurrentHashMap.newKeySet();

    Targets(ScheduleSettings settings, CredentialLister companies) {
        this.settings = settings;
        this.companies = companies;
        this.file = settings.targetFile() == null ? null : new TargetFile(settings.targetFile());
        settings.exclude().forEach(pattern -> exclude.put(pattern, ScheduleSettings.matcher(pattern)));
    }

    /** Those that can be found. A company that cannot be listed now has those that it had when it last could. */
    Found find() {
        Map<CredentialId, Target> found = new LinkedHashMap<>();
        List<String> problems = new ArrayList<>();
        settings.targets().forEach(named -> found.put(named, target(named, false, true)));
        if (file != null) {
            file.read(problems).forEach(named -> found.put(named, target(named, false, true)));
        }
        for (String companyId : settings.companies()) {
            list(companyId, problems).forEach((id, active) -> add(found, companyId, id, active, problems));
        }
        warnOfExclusionsWithoutEffect(found.keySet());
        return new Found(found.values(), problems, lastLists.keySet().containsAll(settings.companies()));
    }

    private Map<String, Boolean> list(String companyId, List<String> problems) {
        try {
            Map<String, Boolean> listed = companies.list(companyId);
            if (listed.isEmpty() && warnedOf.add(companyId)) {
                LOG.warn("The schedule's companies: the API lists no credentials of {}", companyId);
            }
            lastLists.put(companyId, listed);
        } catch (ListingFailedException e) {
            problems.add(String.valueOf(e.getMessage()));
        }
        return lastLists.getOrDefault(companyId, Map.of());
    }

    /** A typing error there has keys rotated that somebody wanted to keep. */
    private void warnOfExclusionsWithoutEffect(Collection<CredentialId> found) {
        exclude.forEach((pattern, matcher) -> {
            if (found.stream().noneMatch(credential -> matches(matcher, credential)) && warnedOf.add(pattern)) {
                LOG.warn("The schedule's exclusions: '{}' matches none of the {} credentials", pattern, found.size());
            }
        });
    }

    private void add(
            Map<CredentialId, Target> found, String companyId, String id, boolean active, List<String> problems) {
        try {
            CredentialId credential = new CredentialId(companyId, id);
            found.put(credential, target(credential, true, active));
        } catch (IllegalArgumentException e) {
            problems.add("The API lists a credential of " + companyId + " whose id is none: " + e.getMessage());
        }
    }

    private Target target(CredentialId credential, boolean listed, boolean active) {
        return new Target(credential, listed, active, isExcluded(credential));
    }

    private boolean isExcluded(CredentialId credential) {
        return exclude.values().stream().anyMatch(matcher -> matches(matcher, credential));
    }

    private static boolean matches(PathMatcher matcher, CredentialId credential) {
        return matcher.matches(Path.of(credential.companyId(), credential.apiCredentialId()));
    }

    /**
     * What was found.
     *
     * @param complete whether each company could be listed, now or before
     */
    record Found(Collection<Target> targets, List<String> problems, boolean complete) {}
}
