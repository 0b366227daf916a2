package org.keyrotation.model;

/**
 * The answer to a rotation. The key in it works a few minutes later; the one before it stops working after 24 hours.
 *
 * @see <a
 *     href="https://docs.adyen.com/api-explorer/Management/3/post/companies/(companyId)/apiCredentials/(apiCredentialId)/generateClientKey">Generate
 *     new client key</a>
 */
public record GenerateClientKeyResponse(ClientKey clientKey) {

    /** @throws IllegalArgumentException without a key */
    public GenerateClientKeyResponse {
        new FieldRules().present("clientKey", clientKey).check();
    }
}
