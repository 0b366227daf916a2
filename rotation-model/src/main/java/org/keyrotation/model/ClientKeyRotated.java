package org.keyrotation.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The event that a credential has a new client key, published on the keys topic.
 *
 * @param requestId the id of the request that caused this rotation
 * @param companyId the company account that owns the credential, from the request
 * @param apiCredentialId the API credential, from the request
 * @param clientKey the new key, from the response of the Management API
 * @param keyFingerprint the {@linkplain ClientKey#fingerprint() fingerprint} of clientKey
 * @param previousKeyFingerprint the fingerprint of the key that this one replaces; null if there was none, or the
 *     credential was not read
 * @param generatedAt when the service sent the first attempt: the earliest time at which the API can have generated the key
 * @param usableFrom from when the key works: the time at which the service received it plus {@code
 *     rotation.activation-delay}; never too early
 * @param previousKeyExpiresAt until when the previous key works: generatedAt plus {@code rotation.overlap}; never too late
 * @param recovered true if the API's response was lost and the service read the key back from the credential
 * @param reason why the key was rotated, from the request; null if the request has none
 * @param requestedBy the person or system that requested the rotation, from the request; null if the request has none
 * @param requestedAt the time of the request; null in an event of an older version
 * @param forced whether the request was forced; false in an event of an older version
 * @see <a
 *     href="https://docs.adyen.com/api-explorer/Management/3/post/companies/(companyId)/apiCredentials/(apiCredentialId)/generateClientKey">Generate
 *     new client key</a>
 */
public record ClientKeyRotated(
        String requestId,
        String companyId,
        String apiCredentialId,
        ClientKey clientKey,
        String keyFingerprint,
        @Nullable String previousKeyFingerprint,
        Instant generatedAt,
        Instant usableFrom,
        Instant previousKeyExpiresAt,
        @JsonProperty(required = true) boolean recovered,
        @Nullable String reason,
        @Nullable String requestedBy,
        @Nullable Instant requestedAt,
        boolean forced)
        implements RotationEvent {

    /** @throws IllegalArgumentException if a field is invalid; the message names every such field and quotes no value */
    public ClientKeyRotated {
        // Do not validate the order of the instants: the clocks of two instances differ, and the key must be published.
        FieldRules rules = new FieldRules()
                .requestId("requestId", requestId)
                .id("companyId", companyId)
                .id("apiCredentialId", apiCredentialId)
                .notNull("clientKey", clientKey)
                .fingerprint("keyFingerprint", keyFingerprint)
                .notNull("generatedAt", generatedAt)
                .notNull("usableFrom", usableFrom)
                .notNull("previousKeyExpiresAt", previousKeyExpiresAt)
                .author(reason, requestedBy, requestedAt);
        if (previousKeyFingerprint != null) {
            rules.fingerprint("previousKeyFingerprint", previousKeyFingerprint);
        }
        rules.check();
        rules.require(
                        clientKey.fingerprint().equals(keyFingerprint),
                        "keyFingerprint: invalid value, expected the fingerprint of clientKey")
                .check();
    }

    @Override
    public String type() {
        return "org.keyrotation.clientkey.rotated.v1";
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
        return generatedAt;
    }
}
