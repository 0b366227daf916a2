package org.keyrotation.model;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Bytes to text, text to fields, fields to a request. Each step has its own way to fail, and none quotes what it read. */
final class RequestReader {

    private static final int MOST_BYTES = 64 * 1024;

    private RequestReader() {}

    static RotationRequest read(byte @Nullable [] json) {
        return request(fields(text(json)));
    }

    private static String text(byte @Nullable [] json) {
        if (json == null) {
            throw malformed("is a tombstone");
        }
        if (json.length == 0) {
            throw malformed("is empty");
        }
        if (json.length > MOST_BYTES) {
            throw malformed("has " + json.length + " bytes, of which at most " + MOST_BYTES + " are allowed");
        }
        try {
            // Decoded here, because Jackson would also take bytes for UTF-16 or UTF-32.
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(json))
                    .toString();
        } catch (CharacterCodingException e) {
            throw malformed("is not UTF-8");
        }
    }

    private static Fields fields(String text) {
        try {
            Fields fields = Json.mapper().readValue(text, Fields.class);
            if (fields == null) {
                throw notOneObject();
            }
            return fields;
        } catch (MismatchedInputException e) {
            throw e.getPath().isEmpty() ? notOneObject() : UnreadableRequestException.malformed(wrongType(e));
        } catch (JsonProcessingException e) {
            throw malformed(syntaxError(e));
        }
    }

    private static RotationRequest request(Fields fields) {
        try {
            return fields.request();
        } catch (IllegalArgumentException e) {
            throw UnreadableRequestException.invalid(
                    Objects.requireNonNull(e.getMessage()), fields.validRequestId(), fields.validCredential());
        }
    }

    private static UnreadableRequestException malformed(String what) {
        return UnreadableRequestException.malformed("the record " + what);
    }

    private static UnreadableRequestException notOneObject() {
        return malformed("is not exactly one JSON object");
    }

    /** The path has only names of {@link Fields}: unknown ones are never bound. */
    private static String wrongType(JsonMappingException e) {
        return e.getPath().get(0).getFieldName() + " " + e.getOriginalMessage();
    }

    private static String syntaxError(JsonProcessingException e) {
        if (e instanceof StreamConstraintsException) {
            return "nests too deep, or has too long a name or number";
        }
        boolean repeats = e.getOriginalMessage().startsWith("Duplicate field");
        return (repeats ? "repeats a field" : "is not JSON") + place(e.getLocation());
    }

    private static String place(@Nullable JsonLocation at) {
        return at == null ? "" : " at line " + at.getLineNr() + ", column " + at.getColumnNr();
    }

    /** The fields of a request, of the right type but otherwise unchecked. */
    record Fields(
            @Nullable String requestId,
            @Nullable String companyId,
            @Nullable String apiCredentialId,
            @Nullable String reason,
            @Nullable String requestedBy,
            @Nullable Instant requestedAt,
            boolean force) {

        RotationRequest request() {
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

        private static String orEmpty(@Nullable String id) {
            return id == null ? "" : id;
        }
    }
}
