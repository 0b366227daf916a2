package org.keyrotation.model;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Someone wants a credential to have a key that is newer than this request.
 *
 * @param requestId 1 to 100 printable ASCII characters; null until it is {@link #completed}
 * @param companyId matches <code>[A-Za-z0-9][A-Za-z0-9._@-]{0,99}</code>, as does apiCredentialId
 * @param reason at most 500 characters
 * @param requestedBy at most 200 characters
 * @param requestedAt a key generated at this time or later satisfies the request; null until it is {@link #completed}
 * @param force rotate even where the last rotation is younger than {@code rotation.min-interval}
 */
public record RotationRequest(
        @Nullable String requestId,
        String companyId,
        String apiCredentialId,
        @Nullable String reason,
        @Nullable String requestedBy,
        @Nullable Instant requestedAt,
        boolean force) {

    /** @throws IllegalArgumentException naming every field that breaks its rule, without quoting values */
    public RotationRequest {
        FieldRules rules = new FieldRules();
        if (requestId != null) {
            rules.requestId("requestId", requestId);
        }
        rules.id("companyId", companyId)
                .id("apiCredentialId", apiCredentialId)
                .text("reason", reason, 500)
                .text("requestedBy", requestedBy, 200)
                .instant("requestedAt", requestedAt)
                .check();
    }

    /** The least that can be asked. */
    public static RotationRequest of(CredentialId credential) {
        return new RotationRequest(null, credential.companyId(), credential.apiCredentialId(), null, null, null, false);
    }

    /**
     * Reads a record of the requests topic, strictly: one JSON object in UTF-8 of at most 64 KiB, no field repeated or
     * of another type. JSON's null counts as absent, and unknown fields are ignored.
     *
     * @param json null for a tombstone
     * @throws UnreadableRequestException for everything else; nothing else is ever thrown
     */
    public static RotationRequest read(byte @Nullable [] json) {
        return RequestReader.read(json);
    }

    public CredentialId credential() {
        return new CredentialId(companyId, apiCredentialId);
    }

    /**
     * This request with a requestId and a requestedAt.
     *
     * @param defaultRequestId where it has none: {@link RequestSource#toString()}, of which a long one keeps its last
     *     100 characters, since what makes it unique is at its end
     * @param timestamp of its record: its requestedAt, where it has none or a later one; a producer can set it to
     *     anything, so the years 0000 to 9999 bound it
     */
    public RotationRequest completed(String defaultRequestId, Instant timestamp) {
        String id = requestId != null ? requestId : lastCharacters(defaultRequestId);
        Instant latest = FieldRules.nearestInstant(timestamp);
        Instant at = requestedAt == null || requestedAt.isAfter(latest) ? latest : requestedAt;
        return new RotationRequest(id, companyId, apiCredentialId, reason, requestedBy, at, force);
    }

    private static String lastCharacters(String id) {
        return id.substring(Math.max(0, id.length() - FieldRules.REQUEST_ID_LENGTH));
    }
}
