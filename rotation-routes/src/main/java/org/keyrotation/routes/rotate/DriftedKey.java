package org.keyrotation.routes.rotate;

import java.time.Instant;
import org.keyrotation.model.CredentialId;
import org.keyrotation.model.RotationRequest;

/**
 * A key that a person has generated at the API.
 *
 * @param credential the credential
 * @param keyFingerprint the fingerprint of that key
 * @param previousKeyFingerprint the fingerprint of the key that it replaces, which is the ledger's
 * @param generatedAfter a time at which the API still had the previous key, which expires an overlap later at the earliest
 * @param seenAt when the key was found
 */
public record DriftedKey(
        CredentialId credential,
        String keyFingerprint,
        String previousKeyFingerprint,
        Instant generatedAfter,
        Instant seenAt) {

    private static final String REQUEST_ID = "drift-";
    private static final String FINGERPRINT = "sha256:";

    /** Returns the request that its event names. Every instance that finds the key arrives at the same requestId. */
    RotationRequest request() {
        return new RotationRequest(
                requestId(keyFingerprint),
                credential.companyId(),
                credential.apiCredentialId(),
                "rotated by hand",
                null,
                seenAt,
                false);
    }

    static String requestId(String keyFingerprint) {
        return REQUEST_ID + keyFingerprint.substring(FINGERPRINT.length());
    }
}
