package org.keyrotation.routes.api;

import org.jspecify.annotations.Nullable;
import org.keyrotation.model.ApiCredential;

/**
 * What the API says of one credential.
 *
 * @param detail for a person to read
 * @param keyFingerprint the fingerprint of its client key; null if it was not read, or has no key
 */
public record CredentialState(Kind kind, String detail, @Nullable String keyFingerprint) {

    public static final CredentialState ACTIVE = new CredentialState(Kind.ACTIVE, "the API reports it as active", null);
    public static final CredentialState INACTIVE =
            new CredentialState(Kind.INACTIVE, "the API reports it as inactive", null);
    public static final CredentialState UNKNOWN =
            new CredentialState(Kind.UNKNOWN, "the API does not know it (404), expected an existing credential", null);

    /** The kind of answer. */
    public enum Kind {
        ACTIVE,
        INACTIVE,
        UNKNOWN,
        /** The API did not answer the question. */
        UNREADABLE
    }

    static CredentialState of(ApiCredential read) {
        CredentialState state = read.active() ? ACTIVE : INACTIVE;
        return read.clientKey() == null
                ? state
                : new CredentialState(state.kind, state.detail, read.clientKey().fingerprint());
    }

    static CredentialState unreadable(String detail) {
        return new CredentialState(Kind.UNREADABLE, detail, null);
    }
}
