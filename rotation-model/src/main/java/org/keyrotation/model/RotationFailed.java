package org.keyrotation.model;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The event that a request ended without a key, published on the failures topic.
 *
 * @param requestId the id of the request; null if it could not be read
 * @param companyId the company account of the request; null if it could not be read
 * @param apiCredentialId the API credential of the request; null if it could not be read
 * @param code why the request failed, for a program to read
 * @param detail what happened, for a person to read; truncated to 1,000 characters
 * @param retryable whether the same request may succeed if it is sent again unchanged
 * @param attempts the number of calls to {@code generateClientKey}; calls that read the credential do not count
 * @param failedAt when the request ended
 * @param reason why the rotation was requested; null if the request has no reason or could not be read
 * @param requestedBy the person or system that requested the rotation; null if the request names none or could not be read
 * @param requestedAt the time of the request; null if it could not be read, and in an event of an older version
 * @param forced whether the request was forced; null if it could not be read, and in an event of an older version
 * @param problem the API's error response; null if there was none
 * @param source the Kafka record in which the request first arrived; null if it did not come from Kafka
 * @param originalRequest the text of a malformed or invalid request, see {@link #firstBytesOf}; otherwise null
 * @see <a href="https://docs.adyen.com/development-resources/error-codes">Adyen's error codes</a>
 */
public record RotationFailed(
        @Nullable String requestId,
        @Nullable String companyId,
        @Nullable String apiCredentialId,
        FailureCode code,
        String detail,
        @JsonProperty(required = true) boolean retryable,
        @JsonProperty(required = true) int attempts,
        Instant failedAt,
        @Nullable String reason,
        @Nullable String requestedBy,
        @Nullable Instant requestedAt,
        @Nullable Boolean forced,
        @Nullable ApiProblem problem,
        @Nullable RequestSource source,
        @Nullable String originalRequest)
        implements RotationEvent {

    private static final int MAX_ORIGINAL_BYTES = 4 * 1024;

    /** @throws IllegalArgumentException if a field is invalid; the message names every such field and quotes no value */
    public RotationFailed {
        checkIds(requestId, companyId, apiCredentialId);
        new FieldRules()
                .notNull("code", code)
                .notNull("detail", detail)
                .notNull("failedAt", failedAt)
                .author(reason, requestedBy, requestedAt)
                .require(attempts >= 0, "attempts: invalid value, expected 0 or more")
                .check();
        detail = TextLimits.truncate(detail, TextLimits.MAX_LENGTH);
        originalRequest = originalRequest == null ? null : TextLimits.truncate(originalRequest, MAX_ORIGINAL_BYTES);
    }

    /**
     * Decodes the first 4 KiB of a record's value as UTF-8 and replaces invalid bytes.
     *
     * @param value the value of the record; null for a tombstone
     * @return the text; null for a tombstone
     */
    public static @Nullable String firstBytesOf(byte @Nullable [] value) {
        return value == null ? null : new String(value, 0, Math.min(value.length, MAX_ORIGINAL_BYTES), UTF_8);
    }

    @Override
    public String type() {
        return "org.keyrotation.clientkey.rotation-failed.v1";
    }

    @Override
    public String id() {
        if (requestId != null) {
            return requestId;
        }
        return source == null ? "unknown" : source.toString();
    }

    @Override
    public @Nullable CredentialId credential() {
        return companyId == null || apiCredentialId == null ? null : new CredentialId(companyId, apiCredentialId);
    }

    @Override
    public Instant time() {
        return failedAt;
    }

    private static void checkIds(
            @Nullable String requestId, @Nullable String companyId, @Nullable String apiCredentialId) {
        FieldRules rules = new FieldRules();
        if (requestId != null) {
            rules.requestId("requestId", requestId);
        }
        if (companyId != null) {
            rules.id("companyId", companyId);
        }
        if (apiCredentialId != null) {
            rules.id("apiCredentialId", apiCredentialId);
        }
        rules.check();
    }
}
