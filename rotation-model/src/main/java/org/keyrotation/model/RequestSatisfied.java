package org.keyrotation.model;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The event that a request ended without a call of the API because the credential has a key newer than the request already,
 * published on the satisfied topic.
 *
 * @param requestId the id of the request
 * @param companyId the company account that owns the credential, from the request
 * @param apiCredentialId the API credential, from the request
 * @param lastRotationAt the start of the rotation that satisfies the request: the credential's last one
 * @param keyFingerprint the {@linkplain ClientKey#fingerprint() fingerprint} of that rotation's key; null if the ledger does
 *     not know it, because an older version recorded the rotation
 * @param satisfiedAt when the request ended
 * @param reason why the rotation was requested; null if the request has no reason
 * @param requestedBy the person or system that requested the rotation; null if the request names none
 * @param requestedAt the time of the request
 */
public record RequestSatisfied(
        String requestId,
        String companyId,
        String apiCredentialId,
        Instant lastRotationAt,
        @Nullable String keyFingerprint,
        Instant satisfiedAt,
        @Nullable String reason,
        @Nullable String requestedBy,
        Instant requestedAt)
        implements RotationEvent {

    /** @throws IllegalArgumentException if a field is invalid; the message names every such field and quotes no value */
    public RequestSatisfied {
        // Do not validate the order of the instants: the clocks of two instances differ, and the request must end.
        FieldRules rules = new FieldRules()
                .requestId("requestId", requestId)
                .id("companyId", companyId)
                .id("apiCredentialId", apiCredentialId)
                .notNull("lastRotationAt", lastRotationAt)
                .notNull("satisfiedAt", satisfiedAt)
                .notNull("requestedAt", requestedAt)
                .author(reason, requestedBy, requestedAt);
        if (keyFingerprint != null) {
            rules.fingerprint("keyFingerprint", keyFingerprint);
        }
        rules.check();
    }

    @Override
    public String type() {
        return "org.keyrotation.clientkey.request-satisfied.v1";
    }

    @Override
    public String id() {
        return requestId;
    }

    @Override
    public CredentialId credential() {
        return new CredentialId(companyId, apiCredentialId);
    }

    @Override
    public Instant time() {
        return satisfiedAt;
    }
}
