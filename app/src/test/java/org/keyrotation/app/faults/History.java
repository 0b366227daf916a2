package org.keyrotation.app.faults;

import java.util.List;
import java.util.Map;
import org.keyrotation.model.ClientKeyRotated;
import org.keyrotation.model.CredentialId;
import org.keyrotation.model.RotationFailed;

/**
 * The input of the judge.
 *
 * @param keys the records of the keys topic, in order for each credential
 * @param truth the API's state of every credential, requested or not
 * @param uncommitted number of uncommitted records by topic
 * @param leaks places that contain a secret
 */
record History(
        List<SentRequest> sent,
        List<PublishedEvent<ClientKeyRotated>> keys,
        List<PublishedEvent<RotationFailed>> failures,
        Map<CredentialId, ApiState> truth,
        Map<String, Long> uncommitted,
        List<String> leaks) {}
