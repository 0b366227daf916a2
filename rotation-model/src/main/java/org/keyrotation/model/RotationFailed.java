package org.keyrotation.model;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A request ended without a key.
 *
 * @param requestId null where none could be read, as are companyId and apiCredentialId
 * @param detail what happened, for a person; cut at 1,000 characters
 * @param retryable whether the same request may succeed when it is made again
 * @param attempts how often the API was called to generate a key; readings of the credential do not count
 * @param problem the API's answer, where it gave one
 * @param source where the request was first found; null where it did not come from Kafka
 * @param originalRequest the text of a request that could not be read; see {@link #firstBytesOf}
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
        @Nullable ApiProblem problem,
        @Nullable RequestSource source,
        @Nullable String originalRequest)
        implements RotationEvent {

    private static final int ORIGINAL_BYTES = 4 * 1024;

    /** @throws IllegalArgumentException naming every field that breaks its rule, without quoting values */
    public RotationFailed {
        checkIds(requestId, companyId, apiCredentialId);
        new FieldRules()
                .present("code", code)
                .present("detail", detail)
                .present("failedAt", failedAt)
                .require(attempts >= 0, "attempts must not be negative")
                .check();
        detail = TextLimits.capped(detail, TextLimits.MOST);
        originalRequest = originalRequest == null ? null : TextLimits.capped(originalRequest, ORIGINAL_BYTES);
    }

    /** The text of the first 4 KiB of a record, whatever its bytes are; null of a tombstone. */
    public static @Nullable String firstBytesOf(byte @Nullable [] value) {
        return value == null ? null : new String(value, 0, Math.min(value.length, ORIGINAL_BYTES), UTF_8);
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
