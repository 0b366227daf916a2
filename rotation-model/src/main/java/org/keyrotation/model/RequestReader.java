package org.keyrotation.model;

import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The parser behind {@link RotationRequest#read}. It parses the record, then validates the fields. */
final class RequestReader {

    private static final RecordParser<UnvalidatedRequest> PARSER =
            new RecordParser<>(UnvalidatedRequest.class, UnreadableRequestException::malformed);

    private RequestReader() {}

    static RotationRequest read(byte @Nullable [] json) {
        return validate(PARSER.parse(json));
    }

    private static RotationRequest validate(UnvalidatedRequest request) {
        try {
            return request.validated();
        } catch (IllegalArgumentException e) {
            throw UnreadableRequestException.invalid(
                    Objects.requireNonNull(e.getMessage()), request.validRequestId(), request.validCredential());
        }
    }

    /** A parsed request: its fields have the right types, but their values are not validated yet. */
    record UnvalidatedRequest(
            @Nullable String requestId,
            @Nullable String companyId,
            @Nullable String apiCredentialId,
            @Nullable String reason,
            @Nullable String requestedBy,
            @Nullable Instant requestedAt,
            boolean force) {

        RotationRequest validated() {
            return new RotationRequest(
                    requestId, orEmpty(companyId), orEmpty(apiCredentialId), reason, requestedBy, requestedAt, force);
        }

        @Nullable
        String validRequestId() {
            return FieldRules.isRequestId(requestId) ? requestId : null;
        }

        @Nullable
        CredentialId validCredential() {
            return companyId != null
                            && apiCredentialId != null
                            && FieldRules.isId(companyId)
                            && FieldRules.isId(apiCredentialId)
                    ? new CredentialId(companyId, apiCredentialId)
                    : null;
        }

        /** Maps null to an empty id: RotationRequest requires non-null ids, and its validation rejects an empty one. */
        private static String orEmpty(@Nullable String id) {
            return id == null ? "" : id;
        }
    }
}
