package org.keyrotation.model;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A request that a credential has a client key newer than the request. Any key that is generated at {@code requestedAt} or
 * later satisfies it, so duplicate requests cause one rotation.
 *
 * @param requestId the id that the requester gives the request: 1 to 100 printable ASCII characters; null until the
 *     request is {@link #completed}
 * @param companyId the company account that owns the credential; matches
 *     <code>[A-Za-z0-9][A-Za-z0-9._@-]{0,99}</code>
 * @param apiCredentialId the API credential whose client key is to be rotated; matches the same pattern
 * @param reason why the key is rotated, for a person to read: at most 500 characters, or null
 * @param requestedBy the person or system that requests the rotation: at most 200 characters, or null
 * @param requestedAt the time of the request, in the years 0000 to 9999; null until the request is {@link #completed}
 * @param force whether to rotate even if the last rotation is younger than {@code rotation.min-interval}
 * @see <a
 *     href="https://docs.adyen.com/api-explorer/Management/3/post/companies/(companyId)/apiCredentials/(apiCredentialId)/generateClientKey">Generate
 *     new client key</a>
 */
public record RotationRequest(
        @Nullable String requestId,
        String companyId,
        String apiCredentialId,
        @Nullable String reason,
        @Nullable String requestedBy,
        @Nullable Instant requestedAt,
        boolean force) {

    /** @throws IllegalArgumentException if a field is invalid; the message names every such field and quotes no value */
    public RotationRequest {
        FieldRules rules = new FieldRules();
        if (requestId != null) {
            rules.requestId("requestId", requestId);
        }
        rules.id("companyId", companyId)
                .id("apiCredentialId", apiCredentialId)
                .author(reason, requestedBy, requestedAt)
                .check();
    }

    /** A request with the required fields only. */
    public static RotationRequest of(CredentialId credential) {
        return new RotationRequest(null, credential.companyId(), credential.apiCredentialId(), null, null, null, false);
    }

    /**
     * Parses the value of a record on the requests topic. Parsing is strict:
     *
     * <ul>
     *   <li>The value is one JSON object in UTF-8 of at most 64 KiB.
     *   <li>No field is repeated, and each field has its own JSON type. A JSON null counts as absent.
     *   <li>Unknown fields are ignored.
     * </ul>
     *
     * @param json the value of the record; null for a tombstone
     * @throws UnreadableRequestException if the value is not a valid request; the method throws no other exception
     */
    public static RotationRequest read(byte @Nullable [] json) {
        return RequestReader.read(json);
    }

    /** The credential whose key is to be rotated. */
    public CredentialId credential() {
        return new CredentialId(companyId, apiCredentialId);
    }

    /**
     * Returns this request with its requestId and requestedAt filled in.
     *
     * @param defaultRequestId the id for a request without one, usually {@link RequestSource#toString()}. Of a longer id
     *     the last 100 characters are kept, because partition and offset at its end make it unique
     * @param timestamp the timestamp of the record. It replaces a requestedAt that is absent or later. It is limited to the
     *     years 0000 to 9999, because a producer can set any timestamp
     */
    public RotationRequest completed(String defaultRequestId, Instant timestamp) {
        String id = requestId != null ? requestId : lastCharacters(defaultRequestId);
        Instant latest = FieldRules.clampInstant(timestamp);
        Instant at = requestedAt == null || requestedAt.isAfter(latest) ? latest : requestedAt;
        return new RotationRequest(id, companyId, apiCredentialId, reason, requestedBy, at, force);
    }

    private static String lastCharacters(String id) {
        return id.substring(Math.max(0, id.length() - FieldRules.MAX_REQUEST_ID_LENGTH));
    }
}
