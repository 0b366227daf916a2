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
 * A Jackson deserializer that reads a scalar only from its own JSON type, without coercion. Jackson can reject coercion
 * itself, but its error messages quote the value; these do not.
 */
final class StrictScalarDeserializer<T> extends StdScalarDeserializer<T> {

    private static final long serialVersionUID = 1;

    private final String expected;
    private final transient Predicate<JsonToken> isExpectedToken;
    private final transient ScalarReader<T> reader;
    private final transient @Nullable T nullValue;

    private StrictScalarDeserializer(
            Class<T> type,
            String expected,
            Predicate<JsonToken> isExpectedToken,
            ScalarReader<T> reader,
            @Nullable T nullValue) {
        super(type);
        this.expected = expected;
        this.isExpectedToken = isExpectedToken;
        this.reader = reader;
        this.nullValue = nullValue;
    }

    static StrictScalarDeserializer<String> string() {
        return new StrictScalarDeserializer<>(
                String.class, "a string", JsonToken.VALUE_STRING::equals, JsonParser::getText, null);
    }

    static StrictScalarDeserializer<Instant> instant() {
        return new StrictScalarDeserializer<>(
                Instant.class,
                "a string with an ISO-8601 instant such as 2026-11-23T07:00:00Z",
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
                "a 32-bit integer",
                JsonToken.VALUE_NUMBER_INT::equals,
                JsonParser::getIntValue,
                type.isPrimitive() ? 0 : null);
    }

    static StrictScalarDeserializer<Long> longInteger(Class<Long> type) {
        return new StrictScalarDeserializer<>(
                type,
                "a 64-bit integer",
                JsonToken.VALUE_NUMBER_INT::equals,
                JsonParser::getLongValue,
                type.isPrimitive() ? 0L : null);
    }

    @Override
    public T deserialize(JsonParser parser, DeserializationContext context) throws IOException {
        if (!isExpectedToken.test(parser.currentToken())) {
            throw mismatch(parser, "invalid value of type " + jsonType(parser.currentToken()));
        }
        try {
            return reader.read(parser);
        } catch (InputCoercionException | DateTimeException e) {
            throw mismatch(parser, "invalid value");
        }
    }

    @Override
    public @Nullable T getNullValue(DeserializationContext context) {
        return nullValue;
    }

    private MismatchedInputException mismatch(JsonParser parser, String problem) {
        return MismatchedInputException.from(parser, handledType(), problem + ", expected " + expected);
    }

    private static String jsonType(JsonToken token) {
        return switch (token) {
            case START_OBJECT -> "object";
            case START_ARRAY -> "array";
            case VALUE_STRING -> "string";
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> "number";
            case VALUE_TRUE, VALUE_FALSE -> "boolean";
            default -> "unknown";
        };
    }

    private interface ScalarReader<T> {
        T read(JsonParser parser) throws IOException;
    }
}
