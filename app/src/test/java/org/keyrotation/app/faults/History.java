package org.keyrotation.app.faults;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.keyrotation.model.ClientKeyRotated;
import org.keyrotation.model.CredentialId;
import org.keyrotation.model.RequestSatisfied;
import org.keyrotation.model.RotationFailed;

/**
 * The input of the judge.
 *
 * @param keys the records of the keys topic, in order for each credential
 * @param maybeSilent ids of the requests that an older version may have found satisfied, which publishes nothing then
 * @param truth the API's state of every credential, requested or not
 * @param reportedDrift the fingerprints that the ledger has reported as rotated by hand
 * @param uncommitted number of uncommitted records by topic
 * @param leaks places that contain a secret
 */
record History(
        List<SentRequest> sent,
        List<PublishedEvent<ClientKeyRotated>> keys,
        List<PublishedEvent<RotationFailed>> failures,
        List<PublishedEvent<RequestSatisfied>> satisfied,
        Set<String> maybeSilent,
        Map<CredentialId, ApiState> truth,
        Set<String> reportedDrift,
        Map<String, Long> uncommitted,
        List<String> leaks) {

    /** The records of all topics of events. */
    Stream<? extends PublishedEvent<?>> events() {
        return Stream.of(keys, failures, satisfied).flatMap(List::stream);
    }
}
