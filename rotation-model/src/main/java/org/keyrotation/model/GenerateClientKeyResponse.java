package org.keyrotation.model;

/**
 * The response of the Management API to {@code generateClientKey}. The new key works after a few minutes. The previous key
 * stops working after 24 hours.
 *
 * @param clientKey the new key
 * @see <a
 *     href="https://docs.adyen.com/api-explorer/Management/3/post/companies/(companyId)/apiCredentials/(apiCredentialId)/generateClientKey">Generate
 *     new client key</a>
 */
public record GenerateClientKeyResponse(ClientKey clientKey) {

    /** @throws IllegalArgumentException if the key is missing */
    public GenerateClientKeyResponse {
        new FieldRules().notNull("clientKey", clientKey).check();
    }
}
