package org.keyrotation.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of the API credentials of a company. Client keys are in it too, and are not read.
 *
 * @param pagesTotal how many pages there are
 * @param data those of this page; empty where the API leaves it out
 * @see <a href="https://docs.adyen.com/api-explorer/Management/3/get/companies/(companyId)/apiCredentials">Get a list of
 *     API credentials</a>
 */
public record ApiCredentialPage(@JsonProperty(required = true) int pagesTotal, @Nullable List<Item> data) {

    public ApiCredentialPage {
        data = data == null ? List.of() : List.copyOf(data);
    }

    /** Never null. */
    @Override
    public List<Item> data() {
        return data == null ? List.of() : data;
    }

    /**
     * One of them.
     *
     * @param id the {@code apiCredentialId}
     * @param active whether the credential is enabled
     */
    public record Item(String id, @JsonProperty(required = true) boolean active) {

        /** @throws IllegalArgumentException where a field is missing that the API promises */
        public Item {
            new FieldRules().present("id", id).check();
        }
    }
}
