package org.keyrotation.routes.intake.schedule;

import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.keyrotation.model.CredentialId;

/** Which credentials there are to look after: those that are named, and all of some companies. */
final class Targets {

    private final ScheduleSettings settings;
    private final CompanyCredentials companies;
    private final @Nullable TargetFile file;
    private final List<PathMatcher> exclude;

    Targets(ScheduleSettings settings, CompanyCredentials companies) {
        this.settings = settings;
        this.companies = companies;
        this.file = settings.targetFile() == null ? null : new TargetFile(settings.targetFile());
        this.exclude =
                settings.exclude().stream().map(ScheduleSettings::matcher).toList();
    }

    /** Those that can be found. */
    Collection<Target> find(List<String> problems) {
        Map<CredentialId, Target> found = new LinkedHashMap<>();
        settings.targets().forEach(named -> found.put(named, target(named, false, true)));
        if (file != null) {
            file.read(problems).forEach(named -> found.put(named, target(named, false, true)));
        }
        for (String companyId : settings.companies()) {
            try {
                companies.list(companyId).forEach((id, active) -> add(found, companyId, id, active, problems));
            } catch (NotListedException e) {
                problems.add(String.valueOf(e.getMessage()));
            }
        }
        return found.values();
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
        Path path = Path.of(credential.companyId(), credential.apiCredentialId());
        return exclude.stream().anyMatch(pattern -> pattern.matches(path));
    }
}
