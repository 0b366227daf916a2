package org.keyrotation.routes.schedule;

/**
 * What the API says of one credential.
 *
 * @param detail for a person to read
 */
record CredentialState(Kind kind, String detail) {

    static final CredentialState ACTIVE = new CredentialState(Kind.ACTIVE, "the API reports it as active");
    static final CredentialState INACTIVE = new CredentialState(Kind.INACTIVE, "the API reports it as inactive");
    static final CredentialState UNKNOWN =
            new CredentialState(Kind.UNKNOWN, "the API does not know it (404), expected an existing credential");

    enum Kind {
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
