package org.keyrotation.app.command;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Converts an argument to an instant in the future. */
final class FutureInstant implements ITypeConverter<Instant> {

    /** JSON's form of an instant has four digits for the year. */
    private static final Instant END = Instant.parse("9999-12-31T00:00:00Z");

    @Override
    public Instant convert(String text) {
        Instant instant = parse(text);
        if (instant != null && instant.isAfter(Instant.now()) && instant.isBefore(END)) {
            return instant;
        }
        throw new TypeConversionException(
                "invalid value '%s', expected an ISO-8601 instant in the future such as 2030-12-24T18:00:00Z"
                        .formatted(text));
    }

    private static @Nullable Instant parse(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException e) {
            return null;
        }
    }
}
