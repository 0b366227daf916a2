package org.keyrotation.model;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.InputCoercionException;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Reads a scalar from its own JSON type alone. Jackson's settings against coercion would do that too, but their errors
 * quote the value.
 */
final class StrictScalarDeserializer<T> extends StdScalarDeserializer<T> {

    private static final long serialVersionUID = 1;

    private final String what;
    private final transient Predicate<JsonToken> accepted;
    private final transient Value<T> value;
    private final transient @Nullable T whenNull;

    private StrictScalarDeserializer(
            Class<T> type, String what, Predicate<JsonToken> accepted, Value<T> value, @Nullable T whenNull) {
        super(type);
        this.what = what;
        this.accepted = accepted;
        this.value = value;
        this.whenNull = whenNull;
    }

    static StrictScalarDeserializer<String> string() {
        return new StrictScalarDeserializer<>(
                String.class, "a string", JsonToken.VALUE_STRING::equals, JsonParser::getText, null);
    }

    static StrictScalarDeserializer<Instant> instant() {
        return new StrictScalarDeserializer<>(
                Instant.class,
                "a string with an ISO-8601 instant, such as 2026-11-23T07:00:00Z",
                JsonToken.VALUE_STRING::equals,
                parser -> Rfc3339.parse(parser.getText()),
                null);
    }

    static StrictScalarDeserializer<Boolean> bool(Class<Boolean> type) {
        return new StrictScalarDeserializer<>(
                type,
                "true or false",
                JsonToken::isBoolean,
                JsonParser::getBooleanValue,
                type.isPrimitive() ? false : null);
    }

    static StrictScalarDeserializer<Integer> integer(Class<Integer> type) {
        return new StrictScalarDeserializer<>(
                type,
                "a whole number of 32 bits",
                JsonToken.VALUE_NUMBER_INT::equals,
                JsonParser::getIntValue,
                type.isPrimitive() ? 0 : null);
    }

    static StrictScalarDeserializer<Long> longInteger(Class<Long> type) {
        return new StrictScalarDeserializer<>(
                type,
                "a whole number of 64 bits",
                JsonToken.VALUE_NUMBER_INT::equals,
                JsonParser::getLongValue,
                type.isPrimitive() ? 0L : null);
    }

    @Override
    public T deserialize(JsonParser parser, DeserializationContext context) throws IOException {
        if (!accepted.test(parser.currentToken())) {
            throw mismatch(parser, ", but is " + shape(parser.currentToken()));
        }
        try {
            return value.of(parser);
        } catch (InputCoercionException | DateTimeException e) {
            throw mismatch(parser, "");
        }
    }

    @Override
    public @Nullable T getNullValue(DeserializationContext context) {
        return whenNull;
    }

    private MismatchedInputException mismatch(JsonParser parser, String found) {
        return MismatchedInputException.from(parser, handledType(), "must be " + what + found);
    }

    private static String shape(JsonToken token) {
        return switch (token) {
            case START_OBJECT -> "an object";
            case START_ARRAY -> "an array";
            case VALUE_STRING -> "a string";
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> "a number";
            case VALUE_TRUE, VALUE_FALSE -> "a boolean";
            default -> "something else";
        };
    }

    private interface Value<T> {
        T of(JsonParser parser) throws IOException;
    }
}
