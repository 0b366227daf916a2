package org.keyrotation.model;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.jspecify.annotations.Nullable;

/** Limits the length of texts that an event copies from an API response or a record. */
final class TextLimits {

    /** The maximum length of one text, in characters. It keeps events small enough to publish. */
    static final int MAX_LENGTH = 1_000;

    private TextLimits() {}

    /** Truncates the text and replaces unpaired surrogates, which JSON allows but UTF-8 cannot encode. */
    static String truncate(String text, int maxLength) {
        String truncated = text.substring(0, Math.min(text.length(), maxLength));
        return new String(truncated.getBytes(UTF_8), UTF_8);
    }

    static @Nullable String truncateOrNull(@Nullable String text) {
        return text == null ? null : truncate(text, MAX_LENGTH);
    }
}
