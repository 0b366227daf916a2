package org.keyrotation.app.page;

import java.util.List;
import java.util.Optional;
import org.keyrotation.app.status.CredentialStatuses;
import org.keyrotation.model.CredentialId;
import org.keyrotation.model.CredentialStatus;
import org.keyrotation.model.OpenFailure;

/**
 * The fleet at one moment.
 *
 * @param credentials the status of each credential, those that need a person first
 * @param failures the failures that no key has followed, the newest first
 * @param notices problems of the service as a whole
 * @param companies the companies of the credentials, in alphabetical order
 */
record FleetSnapshot(
        CredentialStatuses statuses,
        List<CredentialStatus> credentials,
        List<OpenFailure> failures,
        List<Frame.Notice> notices,
        List<String> companies) {

    static FleetSnapshot of(CredentialStatuses statuses, List<Frame.Notice> notices) {
        List<CredentialStatus> credentials = statuses.all();
        return new FleetSnapshot(
                statuses,
                credentials,
                statuses.failures(),
                notices,
                credentials.stream()
                        .map(CredentialStatus::companyId)
                        .distinct()
                        .sorted()
                        .toList());
    }

    Optional<CredentialStatus> find(CredentialId credential) {
        return credentials.stream()
                .filter(status -> status.credential().equals(credential))
                .findFirst();
    }

    /** Returns how many credentials need a person. */
    int urgent() {
        return (int) credentials.stream()
                .filter(status -> States.needsPerson(status.state()))
                .count();
    }

    /** Returns how many failed requests could not be read. */
    long unreadable() {
        return failures.stream().filter(failure -> failure.credential() == null).count();
    }
}
