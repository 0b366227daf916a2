package org.keyrotation.model;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A strict parser of the values of records that others produce: one JSON object in UTF-8 of at most 64 KiB. It decodes the
 * bytes, then parses the JSON. Each step has its own error, and no error quotes the content of the record.
 *
 * @param <T> the type of the parsed object, whose fields are not validated yet
 */
final class RecordParser<T> {

    private static final int MAX_BYTES = 64 * 1024;

    private final Class<T> type;
    private final Function<String, RuntimeException> malformed;

    /** @param malformed the exception of a record that is not such an object, from its message */
    RecordParser(Class<T> type, Function<String, RuntimeException> malformed) {
        this.type = type;
        this.malformed = malformed;
    }

    T parse(byte @Nullable [] json) {
        return parse(decode(json));
    }

    private String decode(byte @Nullable [] json) {
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

    private T parse(String text) {
        try {
            T parsed = Json.mapper().readValue(text, type);
            if (parsed == null) {
                throw notOneObject();
            }
            return parsed;
        } catch (MismatchedInputException e) {
            throw e.getPath().isEmpty() ? notOneObject() : malformed.apply(wrongType(e));
        } catch (JsonProcessingException e) {
            throw malformed(syntaxError(e));
        }
    }

    private RuntimeException malformed(String problem) {
        return malformed.apply("The record " + problem);
    }

    private RuntimeException notOneObject() {
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
}
