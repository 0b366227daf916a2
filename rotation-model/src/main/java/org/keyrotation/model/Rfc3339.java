package org.keyrotation.model;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;

/**
 * A parser of RFC 3339 timestamps, the profile of ISO-8601 that JSON Schema calls date-time. It parses character by
 * character, because java.time's formatters would take half of the time in which a ledger is read.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc3339#section-5.6">RFC 3339, 5.6</a>
 */
final class Rfc3339 {

    private static final int NANO_DIGITS = 9;

    private final String text;
    private int position;

    private Rfc3339(String text) {
        this.text = text;
    }

    /** @throws DateTimeException if the text is not a timestamp, or not in the years 0000 to 9999 of UTC */
    static Instant parse(String text) {
        Instant instant = new Rfc3339(text).instant();
        if (!FieldRules.isInstantInRange(instant)) {
            throw new DateTimeException("The year is outside 0000 to 9999");
        }
        return instant;
    }

    private Instant instant() {
        int year = number(4);
        int month = twoDigitsAfter('-');
        int day = twoDigitsAfter('-');
        int hour = twoDigitsAfter('T');
        int minute = twoDigitsAfter(':');
        int second = twoDigitsAfter(':');
        int nanos = isNext('.') ? fraction() : 0;
        return LocalDateTime.of(year, month, day, hour, minute, second, nanos).toInstant(offset());
    }

    private int twoDigitsAfter(char separator) {
        check(isNext(separator));
        position++;
        return number(2);
    }

    private int number(int digits) {
        int number = 0;
        for (int end = position + digits; position < end; position++) {
            check(isDigitNext());
            number = 10 * number + text.charAt(position) - '0';
        }
        return number;
    }

    private int fraction() {
        position++;
        int nanos = number(1);
        for (int digits = 1; digits < NANO_DIGITS; digits++) {
            nanos = 10 * nanos + (isDigitNext() ? number(1) : 0);
        }
        return nanos;
    }

    private ZoneOffset offset() {
        String offset = text.substring(position);
        if (offset.equals("Z")) {
            return ZoneOffset.UTC;
        }
        check(offset.length() == "+hh:mm".length()); // ZoneOffset.of also accepts forms that RFC 3339 does not
        return ZoneOffset.of(offset);
    }

    private static void check(boolean valid) {
        if (!valid) {
            throw new DateTimeException("Not an RFC 3339 timestamp");
        }
    }

    private boolean isNext(char expected) {
        return position < text.length() && text.charAt(position) == expected;
    }

    private boolean isDigitNext() {
        return position < text.length() && text.charAt(position) >= '0' && text.charAt(position) <= '9';
    }
}
