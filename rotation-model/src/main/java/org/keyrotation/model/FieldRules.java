package org.keyrotation.model;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A validator of message fields that reports all violations together. It never quotes a value: a producer may have put a
 * key or a password into the wrong field.
 */
final class FieldRules {

    static final int MAX_REQUEST_ID_LENGTH = 100;

    private static final String ID = "[A-Za-z0-9][A-Za-z0-9._@-]{0,99}";
    private static final int MAX_ID_LENGTH = 100;
    private static final Pattern FINGERPRINT_PATTERN = Pattern.compile("sha256:[0-9a-f]{16}");
    private static final Instant YEAR_0 = Instant.parse("0000-01-01T00:00:00Z");
    private static final Instant YEAR_10000 = Instant.parse("+10000-01-01T00:00:00Z");

    private final List<String> violations = new ArrayList<>();

    /** A regular expression would take several times as long, and an id is checked some twenty times per request. */
    static boolean isId(@Nullable String value) {
        return value != null
                && hasOnly(FieldRules::isIdCharacter, value, MAX_ID_LENGTH)
                && isLetterOrDigit(value.charAt(0));
    }

    static boolean isRequestId(@Nullable String value) {
        return value != null
                && hasOnly(character -> character >= ' ' && character <= '~', value, MAX_REQUEST_ID_LENGTH);
    }

    private static boolean isIdCharacter(int character) {
        return isLetterOrDigit(character) || "._@-".indexOf(character) >= 0;
    }

    private static boolean isLetterOrDigit(int character) {
        return (character >= 'a' && character <= 'z')
                || (character >= 'A' && character <= 'Z')
                || (character >= '0' && character <= '9');
    }

    /** Whether the value has 1 to {@code maxLength} characters, each of them allowed. */
    private static boolean hasOnly(IntPredicate isAllowed, String value, int maxLength) {
        if (value.isEmpty() || value.length() > maxLength) {
            return false;
        }
        for (int i = 0; i < value.length(); i++) {
            if (!isAllowed.test(value.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    /** Whether the year in UTC has four digits. ISO-8601 writes such a year without a sign, and milliseconds can hold it. */
    static boolean isInstantInRange(Instant value) {
        return !value.isBefore(YEAR_0) && value.isBefore(YEAR_10000);
    }

    static Instant clampInstant(Instant value) {
        if (isInstantInRange(value)) {
            return value;
        }
        return value.isBefore(YEAR_0) ? YEAR_0 : YEAR_10000.minusNanos(1);
    }

    FieldRules id(String field, @Nullable String value) {
        return require(isId(value), field, "an id that matches " + ID, value);
    }

    FieldRules requestId(String field, @Nullable String value) {
        return require(
                isRequestId(value), field, "1 to " + MAX_REQUEST_ID_LENGTH + " printable ASCII characters", value);
    }

    FieldRules fingerprint(String field, @Nullable String value) {
        boolean valid = value != null && FINGERPRINT_PATTERN.matcher(value).matches();
        return require(valid, field, "sha256: and 16 lower-case hex digits", value);
    }

    /** @param maxLength the maximum length in code points */
    FieldRules text(String field, @Nullable String value, int maxLength) {
        boolean valid = value == null
                || (length(value) <= maxLength && UTF_8.newEncoder().canEncode(value));
        return require(valid, field, "at most " + maxLength + " characters without unpaired surrogates", value);
    }

    FieldRules instant(String field, @Nullable Instant value) {
        return value == null || isInstantInRange(value)
                ? this
                : require(false, field + ": invalid value, expected a year from 0000 to 9999");
    }

    /** The fields of a request that say who requested it, when and why. */
    FieldRules author(@Nullable String reason, @Nullable String requestedBy, @Nullable Instant requestedAt) {
        return text("reason", reason, 500).text("requestedBy", requestedBy, 200).instant("requestedAt", requestedAt);
    }

    FieldRules notNull(String field, @Nullable Object value) {
        return value != null ? this : require(false, field + ": missing, expected a value");
    }

    FieldRules require(boolean valid, String violation) {
        if (!valid) {
            violations.add(violation);
        }
        return this;
    }

    /** @throws IllegalArgumentException if there are violations; the message lists them all */
    void check() {
        if (!violations.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", violations));
        }
    }

    private FieldRules require(boolean valid, String field, String expected, @Nullable String value) {
        return valid ? this : require(false, field + ": " + describe(value) + ", expected " + expected);
    }

    private static String describe(@Nullable String value) {
        if (value == null || value.isEmpty()) {
            return "missing or empty";
        }
        return "invalid value of length " + length(value);
    }

    private static int length(String value) {
        return value.codePointCount(0, value.length());
    }
}
