package org.keyrotation.sandbox;

import java.time.Duration;
import java.time.Instant;
import org.keyrotation.model.ClientKey;
import org.keyrotation.model.ClientKeyRotated;
import org.keyrotation.model.CredentialId;

/** Events as the service publishes them, for tests of their consumers. */
public final class KeyEvents {

    private KeyEvents() {}

    /** The event of a key that was generated now; its requestId is {@code of-} and the key. */
    public static ClientKeyRotated rotatedNow(CredentialId credential, String clientKey, Duration activationDelay) {
        Instant now = Instant.now();
        ClientKey key = new ClientKey(clientKey);
        return new ClientKeyRotated(
                "of-" + clientKey,
                credential.companyId(),
                credential.apiCredentialId(),
                key,
                key.fingerprint(),
                null,
                now,
                now.plus(activationDelay),
                now.plus(Duration.ofDays(1)),
                false,
                null,
                null,
                now,
                false);
    }
}
