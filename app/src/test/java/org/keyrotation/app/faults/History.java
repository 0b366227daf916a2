package org.keyrotation.app.faults;

import java.util.List;
import java.util.Map;
import org.keyrotation.model.ClientKeyRotated;
import org.keyrotation.model.CredentialId;
import org.keyrotation.model.RotationFailed;

/**
 * All that a verdict is made of.
 *
 * @param keys as they stand on the keys topic, in order for each credential
 * @param truth what the API holds of every credential that there is, asked for or not
 * @param uncommitted how many records the group has still to commit, by topic
 * @param leaks where secrets were seen that must not be there
 */
record History(
        List<Asked> asked,
        List<Published<ClientKeyRotated>> keys,
        List<Published<RotationFailed>> failures,
        Map<CredentialId, ApiState> truth,
        Map<String, Long> uncommitted,
        List<String> leaks) {}
