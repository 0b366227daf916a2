package org.keyrotation.routes.api;

/**
 * What the API says of one credential.
 *
 * @param detail for a person to read
 */
public record CredentialState(Kind kind, String detail) {

    public static final CredentialState ACTIVE = new CredentialState(Kind.ACTIVE, "the API reports it as active");
    public static final CredentialState INACTIVE = new CredentialState(Kind.INACTIVE, "the API reports it as inactive");
    public static final CredentialState UNKNOWN =
            new CredentialState(Kind.UNKNOWN, "the API does not know it (404), expected an existing credential");

    /** The kind of answer. */
    public enum Kind {
        ACTIVE,
        INACTIVE,
        UNKNOWN,
        /** The API did not answer the question. */
        UNREADABLE
    }

    static CredentialState unreadable(String detail) {
        return new CredentialState(Kind.UNREADABLE, detail);
    }
}
