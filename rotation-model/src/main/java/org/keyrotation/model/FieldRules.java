package org.keyrotation.model;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The rules of the fields. All that are broken are reported together, and none ever quotes a value: a key or a password
 * may have been put into the wrong field.
 */
final class FieldRules {

    static final int REQUEST_ID_LENGTH = 100;
    static final String ID = "[A-Za-z0-9][A-Za-z0-9._@-]{0,99}";
    static final String REQUEST_ID = "[ -~]{1," + REQUEST_ID_LENGTH + "}";

    private static final Pattern ID_PATTERN = Pattern.compile(ID);
    private static final Pattern REQUEST_ID_PATTERN = Pattern.compile(REQUEST_ID);
    private static final Pattern FINGERPRINT_PATTERN = Pattern.compile("sha256:[0-9a-f]{16}");
    private static final Instant YEAR_0 = Instant.parse("0000-01-01T00:00:00Z");
    private static final Instant YEAR_10000 = Instant.parse("+10000-01-01T00:00:00Z");

    private final List<String> broken = new ArrayList<>();

    static boolean isId(@Nullable String value) {
        return value != null && ID_PATTERN.matcher(value).matches();
    }

    static boolean isRequestId(@Nullable String value) {
        return value != null && REQUEST_ID_PATTERN.matcher(value).matches();
    }

    /** Four digits of year, in UTC: what ISO-8601 can write without a sign, and milliseconds can hold. */
    static boolean isInstant(Instant value) {
        return !value.isBefore(YEAR_0) && value.isBefore(YEAR_10000);
    }

    static Instant nearestInstant(Instant value) {
        if (isInstant(value)) {
            return value;
        }
        return value.isBefore(YEAR_0) ? YEAR_0 : YEAR_10000.minusNanos(1);
    }

    FieldRules id(String field, @Nullable String value) {
        return "".equals(value) // which stands for an absent one, too
                ? require(false, field + " must match " + ID + ", but is missing or empty")
                : require(isId(value), field, "match " + ID, value);
    }

    FieldRules requestId(String field, @Nullable String value) {
        return require(
                isRequestId(value), field, "be 1 to " + REQUEST_ID_LENGTH + " printable ASCII characters", value);
    }

    FieldRules fingerprint(String field, @Nullable String value) {
        boolean kept = value != null && FINGERPRINT_PATTERN.matcher(value).matches();
        return require(kept, field, "be sha256: and 16 lower-case hex digits", value);
    }

    /** Absent, or at most so many characters (code points) that UTF-8 can write. */
    FieldRules text(String field, @Nullable String value, int most) {
        boolean kept =
                value == null || (length(value) <= most && UTF_8.newEncoder().canEncode(value));
        return require(kept, field, "be at most " + most + " characters, and no half of a surrogate pair", value);
    }

    FieldRules instant(String field, @Nullable Instant value) {
        return require(value == null || isInstant(value), field + " must be in the years 0000 to 9999");
    }

    FieldRules present(String field, @Nullable Object value) {
        return require(value != null, field + " is missing");
    }

    FieldRules require(boolean kept, String otherwise) {
        if (!kept) {
            broken.add(otherwise);
        }
        return this;
    }

    /** @throws IllegalArgumentException naming every rule that was broken */
    void check() {
        if (!broken.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", broken));
        }
    }

    private FieldRules require(boolean kept, String field, String allowed, @Nullable String value) {
        return kept ? this : require(false, field + " must " + allowed + ", but is " + shape(value));
    }

    private static String shape(@Nullable String value) {
        if (value == null) {
            return "missing";
        }
        return value.isEmpty() ? "empty" : "a string of " + length(value) + " characters";
    }

    private static int length(String value) {
        return value.codePointCount(0, value.length());
    }
}
