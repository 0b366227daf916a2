package org.keyrotation.model;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;

/**
 * Reads an instant of RFC 3339, the profile of ISO-8601 that JSON Schema calls date-time, character by character: java.time's
 * formatters would take half of the time in which a ledger is read.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc3339#section-5.6">RFC 3339, 5.6</a>
 */
final class Rfc3339 {

    private static final int NANO_DIGITS = 9;

    private final String text;
    private int at;

    private Rfc3339(String text) {
        this.text = text;
    }

    /** @throws DateTimeException where it is something else, or not in the years 0000 to 9999 of UTC */
    static Instant parse(String text) {
        Instant instant = new Rfc3339(text).instant();
        if (!FieldRules.isInstant(instant)) {
            throw new DateTimeException("not in the years 0000 to 9999");
        }
        return instant;
    }

    private Instant instant() {
        int year = number(4);
        int month = numberAfter('-');
        int day = numberAfter('-');
        int hour = numberAfter('T');
        int minute = numberAfter(':');
        int second = numberAfter(':');
        int nanos = isNext('.') ? nanosAfterPoint() : 0;
        return LocalDateTime.of(year, month, day, hour, minute, second, nanos).toInstant(offset());
    }

    private int numberAfter(char separator) {
        check(isNext(separator));
        at++;
        return number(2);
    }

    private int number(int digits) {
        int number = 0;
        for (int end = at + digits; at < end; at++) {
            check(isDigitNext());
            number = 10 * number + text.charAt(at) - '0';
        }
        return number;
    }

    private int nanosAfterPoint() {
        at++;
        int nanos = number(1);
        for (int digits = 1; digits < NANO_DIGITS; digits++) {
            nanos = 10 * nanos + (isDigitNext() ? number(1) : 0);
        }
        return nanos;
    }

    private ZoneOffset offset() {
        String offset = text.substring(at);
        if (offset.equals("Z")) {
            return ZoneOffset.UTC;
        }
        check(offset.length() == "+hh:mm".length()); // java.time reads others, too
        return ZoneOffset.of(offset);
    }

    private static void check(boolean isAsRfc3339HasIt) {
        if (!isAsRfc3339HasIt) {
            throw new DateTimeException("not RFC 3339");
        }
    }

    private boolean isNext(char expected) {
        return at < text.length() && text.charAt(at) == expected;
    }

    private boolean isDigitNext() {
        return at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9';
    }
}
