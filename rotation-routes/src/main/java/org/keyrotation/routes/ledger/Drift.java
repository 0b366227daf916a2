package org.keyrotation.routes.ledger;

import java.time.Instant;
import java.util.Objects;

/**
 * A key that the API has for a credential, and that no rotation of the ledger has generated: it was rotated by hand.
 *
 * @param keyFingerprint the fingerprint of that key
 * @param seenAt when it was found
 */
public record Drift(String keyFingerprint, Instant seenAt) {

    /** @throws IllegalArgumentException if the fingerprint is none: it is shown */
    public Drift {
        LastKey.requireFingerprint(keyFingerprint);
        Objects.requireNonNull(seenAt, "seenAt");
    }
}
