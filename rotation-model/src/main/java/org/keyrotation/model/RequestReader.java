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

/**
 * The parser behind {@link RotationRequest#read}. It decodes the bytes, parses the JSON and validates the fields. Each step
 * has its own error, and no error quotes the content of the record.
 */
final class RequestReader {

    private static final int MAX_BYTES = 64 * 1024;

    private RequestReader() {}

    static RotationRequest read(byte @Nullable [] json) {
        return validate(parse(decode(json)));
    }

    private static String decode(byte @Nullable [] json) {
        if (json == null) {
            throw malformed("is a tombstone, expected one JSON object");
        }
        if (json.length == 0) {
            throw malformed("is empty, expected one JSON object");
        }
        if (json.length > MAX_BYTES) {
            throw malformed("has " + json.length + " bytes, expected at most " + MAX_BYTES);
        }
        try {
            // Decode before parsing: from bytes, Jackson would also accept UTF-16 and UTF-32.
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(json))
                    .toString();
        } catch (CharacterCodingException e) {
            throw malformed("is not valid UTF-8");
        }
    }

    private static UnvalidatedRequest parse(String text) {
        try {
            UnvalidatedRequest request = Json.mapper().readValue(text, UnvalidatedRequest.class);
            if (request == null) {
                throw notOneObject();
            }
            return request;
        } catch (MismatchedInputException e) {
            throw e.getPath().isEmpty() ? notOneObject() : UnreadableRequestException.malformed(wrongType(e));
        } catch (JsonProcessingException e) {
            throw malformed(syntaxError(e));
        }
    }

    private static RotationRequest validate(UnvalidatedRequest request) {
        try {
            return request.validated();
        } catch (IllegalArgumentException e) {
            throw UnreadableRequestException.invalid(
                    Objects.requireNonNull(e.getMessage()), request.validRequestId(), request.validCredential());
        }
    }

    private static UnreadableRequestException malformed(String problem) {
        return UnreadableRequestException.malformed("The record " + problem);
    }

    private static UnreadableRequestException notOneObject() {
        return malformed("is not exactly one JSON object");
    }

    /** Safe to quote: {@link Json#mapper} redacts values, and the path holds only names of our own fields. */
    private static String wrongType(JsonMappingException e) {
        return e.getPath().get(0).getFieldName() + ": " + e.getOriginalMessage();
    }

    private static String syntaxError(JsonProcessingException e) {
        if (e instanceof StreamConstraintsException) {
            return "nests too deeply, or has a name or number that is too long";
        }
        // Jackson has no exception type for it.
        boolean repeatsField = e.getOriginalMessage().startsWith("Duplicate field");
        return (repeatsField ? "repeats a field" : "is not valid JSON") + location(e.getLocation());
    }

    private static String location(@Nullable JsonLocation location) {
        return location == null ? "" : " at line " + location.getLineNr() + ", column " + location.getColumnNr();
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
