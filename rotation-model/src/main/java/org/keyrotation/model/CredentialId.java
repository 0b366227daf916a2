package org.keyrotation.model;

/**
 * The identifier of an API credential. Its text, {@code companyId/apiCredentialId}, is the key of the credential's Kafka
 * records.
 *
 * @param companyId the company account that owns the credential; matches
 *     <code>[A-Za-z0-9][A-Za-z0-9._@-]{0,99}</code>
 * @param apiCredentialId the id of the credential in the Management API; matches the same pattern
 */
public record CredentialId(String companyId, String apiCredentialId) {

    /** @throws IllegalArgumentException if an id is invalid; the message does not quote it */
    public CredentialId {
        new FieldRules()
                .id("companyId", companyId)
                .id("apiCredentialId", apiCredentialId)
                .check();
    }

    /**
     * Parses the text that {@link #toString()} returns.
     *
     * @throws IllegalArgumentException if the text is not a credential; the message does not quote it
     */
    public static CredentialId parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 0) {
            throw new IllegalArgumentException("credential: invalid value of length " + text.length()
                    + " without a slash, expected companyId/apiCredentialId");
        }
        return new CredentialId(text.substring(0, slash), text.substring(slash + 1));
    }

    /** {@code companyId/apiCredentialId}. */
    @Override
    public String toString() {
        return companyId + "/" + apiCredentialId;
    }
}
