package org.keyrotation.model;

/**
 * One API credential of one company. Its text, {@code companyId/apiCredentialId}, is the key of its records in Kafka.
 *
 * @param companyId matches <code>[A-Za-z0-9][A-Za-z0-9._@-]{0,99}</code>, as does apiCredentialId
 */
public record CredentialId(String companyId, String apiCredentialId) {

    /** @throws IllegalArgumentException for an id that is not one, without quoting it */
    public CredentialId {
        new FieldRules()
                .id("companyId", companyId)
                .id("apiCredentialId", apiCredentialId)
                .check();
    }

    /**
     * The reverse of {@link #toString()}.
     *
     * @throws IllegalArgumentException for any other text, without quoting it
     */
    public static CredentialId parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 0) {
            throw new IllegalArgumentException("a credential must be companyId/apiCredentialId, but is a string of "
                    + text.length() + " characters without a slash");
        }
        return new CredentialId(text.substring(0, slash), text.substring(slash + 1));
    }

    @Override
    public String toString() {
        return companyId + "/" + apiCredentialId;
    }
}
