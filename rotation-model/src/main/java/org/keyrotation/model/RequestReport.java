package org.keyrotation.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * A request that a command made, and what became of it.
 *
 * @param requestId the id of the request
 * @param companyId the company account that owns the credential
 * @param apiCredentialId the API credential whose client key is to be rotated
 * @param outcome null if the command did not wait for it
 * @param detail the reason of the outcome, for a person to read; null if there is none
 */
public record RequestReport(
        String requestId,
        String companyId,
        String apiCredentialId,
        @Nullable Outcome outcome,
        @Nullable String detail) {

    /** What became of a request. */
    public enum Outcome {
        /** It ended without a key. */
        @JsonProperty("failed")
        FAILED,
        /** It had not ended when the command stopped to wait. */
        @JsonProperty("open")
        OPEN,
        /** It ended with a new key. */
        @JsonProperty("rotated")
        ROTATED,
        /** It ended without a call, because another request had rotated the key after it was made. */
        @JsonProperty("satisfied")
        SATISFIED
    }

    /** The credential of the request. */
    public CredentialId credential() {
        return new CredentialId(companyId, apiCredentialId);
    }
}
