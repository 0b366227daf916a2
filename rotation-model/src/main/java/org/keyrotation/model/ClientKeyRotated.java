package org.keyrotation.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A credential has a new client key.
 *
 * @param keyFingerprint the {@linkplain ClientKey#fingerprint() fingerprint} of clientKey
 * @param previousKeyFingerprint of the key that this one replaces; null where it was not read
 * @param generatedAt when the first attempt was sent: the earliest moment at which the key can have been made
 * @param usableFrom from when the key works; never too early
 * @param previousKeyExpiresAt until when the key before it works; never too late
 * @param recovered whether the API's answer was lost, and the key learnt by reading the credential back
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
        @JsonProperty(required = true) boolean recovered)
        implements RotationEvent {

    /** @throws IllegalArgumentException naming every field that breaks its rule, without quoting values */
    public ClientKeyRotated {
        // The order of the instants is not checked: clocks of two instances differ, and the key must get out.
        FieldRules rules = new FieldRules()
                .requestId("requestId", requestId)
                .id("companyId", companyId)
                .id("apiCredentialId", apiCredentialId)
                .present("clientKey", clientKey)
                .fingerprint("keyFingerprint", keyFingerprint)
                .present("generatedAt", generatedAt)
                .present("usableFrom", usableFrom)
                .present("previousKeyExpiresAt", previousKeyExpiresAt);
        if (previousKeyFingerprint != null) {
            rules.fingerprint("previousKeyFingerprint", previousKeyFingerprint);
        }
        rules.check();
        rules.require(clientKey.fingerprint().equals(keyFingerprint), "keyFingerprint must be that of clientKey")
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
