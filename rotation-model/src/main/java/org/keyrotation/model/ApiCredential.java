package org.keyrotation.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An API credential as the Management API describes it; what rotations have no use for is not read.
 *
 * @param id the {@code apiCredentialId}
 * @param username such as {@code ws@Company.TestCompany}
 * @param allowedIpAddresses empty where every address is allowed
 * @param active whether the credential is enabled
 * @see <a
 *     href="https://docs.adyen.com/api-explorer/Management/3/get/companies/(companyId)/apiCredentials/(apiCredentialId)">Get
 *     an API credential</a>
 */
public record ApiCredential(
        String id,
        String username,
        ClientKey clientKey,
        List<String> allowedIpAddresses,
        List<String> roles,
        @JsonProperty(required = true) boolean active,
        @Nullable String description) {

    /** @throws IllegalArgumentException where a field is missing that the API promises */
    public ApiCredential {
        new FieldRules()
                .present("id", id)
                .present("username", username)
                .present("clientKey", clientKey)
                .present("allowedIpAddresses", allowedIpAddresses)
                .present("roles", roles)
                .check();
        allowedIpAddresses = List.copyOf(allowedIpAddresses);
        roles = List.copyOf(roles);
    }
}
