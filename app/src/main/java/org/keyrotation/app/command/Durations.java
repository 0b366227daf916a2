package org.keyrotation.app.command;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import picocli.CommandLine.TypeConversionException;

/** Converts durations of arguments. */
final class Durations {

    private static final Duration MAX = Duration.ofDays(3_650);

    private Durations() {}

    static Duration parse(String text) {
        try {
            Duration duration = Duration.parse(text);
            if (!duration.isNegative() && duration.compareTo(MAX) <= 0) {
                return duration;
            }
        } catch (DateTimeParseException e) {
            throw invalid(text);
        }
        throw invalid(text);
    }

    private static TypeConversionException invalid(String text) {
        return new TypeConversionException(
                "invalid value '%s', expected an ISO-8601 duration of at most ten years, such as PT30M or P7D"
                        .formatted(text));
    }
}
