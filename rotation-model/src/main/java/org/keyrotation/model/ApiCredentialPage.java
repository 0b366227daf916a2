package org.keyrotation.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One page of the list of a company's API credentials, as the Management API returns it. The response also holds client
 * keys, which are read as their fingerprints.
 *
 * @param pagesTotal the number of pages
 * @param data the credentials on this page; empty if the API omits the field
 * @see <a href="https://docs.adyen.com/api-explorer/Management/3/get/companies/(companyId)/apiCredentials">Get a list of
 *     API credentials</a>
 */
public record ApiCredentialPage(@JsonProperty(required = true) int pagesTotal, @Nullable List<Item> data) {

    public ApiCredentialPage {
        data = data == null ? List.of() : List.copyOf(data);
    }

    /** The credentials on this page; never null. */
    @Override
    public List<Item> data() {
        return data == null ? List.of() : data;
    }

    /**
     * One credential of the page.
     *
     * @param id the {@code apiCredentialId}
     * @param active whether the credential is enabled
     * @param keyFingerprint the {@linkplain ClientKey#fingerprint() fingerprint} of the current client key; null before the first
     */
    public record Item(
            String id,
            @JsonProperty(required = true) boolean active,
            @JsonProperty("clientKey") @JsonDeserialize(converter = KeyFingerprint.class) @Nullable
                    String keyFingerprint) {

        /** @throws IllegalArgumentException if a field is missing that the API declares as required */
        public Item {
            new FieldRules().notNull("id", id).check();
        }
    }
}
