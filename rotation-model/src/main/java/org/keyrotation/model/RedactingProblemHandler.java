package org.keyrotation.model;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.deser.DeserializationProblemHandler;
import com.fasterxml.jackson.databind.deser.ValueInstantiator;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import org.jspecify.annotations.Nullable;

/** A Jackson problem handler that reports an invalid value without quoting it. Jackson's own messages quote values. */
final class RedactingProblemHandler extends DeserializationProblemHandler {

    @Override
    public Object handleWeirdKey(DeserializationContext context, Class<?> type, String key, String message)
            throws MismatchedInputException {
        throw mismatch(context, type);
    }

    @Override
    public Object handleWeirdStringValue(DeserializationContext context, Class<?> type, String value, String message)
            throws MismatchedInputException {
        throw mismatch(context, type);
    }

    @Override
    public Object handleWeirdNumberValue(DeserializationContext context, Class<?> type, Number value, String message)
            throws MismatchedInputException {
        throw mismatch(context, type);
    }

    @Override
    public Object handleMissingInstantiator(
            DeserializationContext context,
            Class<?> type,
            @Nullable ValueInstantiator instantiator,
            @Nullable JsonParser parser,
            String message)
            throws MismatchedInputException {
        throw mismatch(context, type);
    }

    private static MismatchedInputException mismatch(DeserializationContext context, Class<?> type) {
        return MismatchedInputException.from(
                context.getParser(), type, "invalid value, expected type " + type.getSimpleName());
    }
}
