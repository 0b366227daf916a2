package org.keyrotation.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An API credential, as the Management API returns it. Fields that a rotation does not need are ignored.
 *
 * @param id the {@code apiCredentialId}
 * @param username the login name of the credential, such as {@code ws@Company.TestCompany}
 * @param clientKey the current client key; null before the first one, although the specification requires it
 * @param allowedIpAddresses the addresses that may use the credential; empty if every address may
 * @param roles the roles of the credential, such as {@code Checkout webservice role}
 * @param active whether the credential is enabled; the service rotates active credentials only
 * @param description free text of the merchant; null if the API does not return one
 * @see <a
 *     href="https://docs.adyen.com/api-explorer/Management/3/get/companies/(companyId)/apiCredentials/(apiCredentialId)">Get
 *     an API credential</a>
 */
public record ApiCredential(
        String id,
        String username,
        @JsonDeserialize(converter = AbsentClientKey.class) @Nullable ClientKey clientKey,
        List<String> allowedIpAddresses,
        List<String> roles,
        @JsonProperty(required = true) boolean active,
        @Nullable String description) {

    /** @throws IllegalArgumentException if a field other than the key is missing that the API declares as required */
    public ApiCredential {
        new FieldRules()
                .notNull("id", id)
                .notNull("username", username)
                .notNull("allowedIpAddresses", allowedIpAddresses)
                .notNull("roles", roles)
                .check();
        allowedIpAddresses = List.copyOf(allowedIpAddresses);
        roles = List.copyOf(roles);
    }
}
