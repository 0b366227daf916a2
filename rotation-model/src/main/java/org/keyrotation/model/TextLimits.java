package org.keyrotation.model;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.jspecify.annotations.Nullable;

/** TextLimits from elsewhere, made fit for an event. */
final class TextLimits {

    /** The most characters that an event takes of one text: an event must never grow too large to publish. */
    static final int MOST = 1_000;

    private TextLimits() {}

    /** At most so many characters, and only such as UTF-8 can write: JSON may hold half a surrogate pair. */
    static String capped(String text, int most) {
        String cut = text.substring(0, Math.min(text.length(), most));
        return new String(cut.getBytes(UTF_8), UTF_8);
    }

    static @Nullable String cappedOrNull(@Nullable String text) {
        return text == null ? null : capped(text, MOST);
    }
}
