package org.keyrotation.routes.drift;

import java.time.Instant;
import java.util.Map;
import org.keyrotation.model.CredentialId;

/** The current keys of credentials, as the API listed them. */
public interface ListedKeys {

    /** Returns a time before the first page was listed. */
    Instant listedAfter();

    /** Returns the fingerprints of the keys, of the companies that could be listed. */
    Map<CredentialId, String> keyFingerprints();
}
