package org.keyrotation.routes.config;

import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * White space, control characters, byte order marks and zero-width characters of Unicode, which text from an editor or a web
 * page may hold unseen, and U+FFFD, which stands for them if the locale of the process cannot decode them.
 */
public final class InvisibleCharacters {

    private static final Pattern INVISIBLE =
            Pattern.compile("[\\p{C}\\p{Z}\\p{M}\\u115F\\u1160\\u2800\\u3164\\uFFA0\\uFFFD]");

    private static final String SPACES = "[\\s\\p{Z}\\x85]+";
    private static final Pattern SPACES_AROUND = Pattern.compile("\\A" + SPACES + "|" + SPACES + "\\z");

    /** The problem of a text for which {@link #isUndecodable} holds. */
    public static final String UNDECODABLE = "the locale of the process cannot decode it (U+FFFD)";

    /** The locale that decodes it. */
    public static final String DECODING_LOCALE = "a UTF-8 locale, such as LC_ALL=C.UTF-8";

    /** What is expected instead of such a text. */
    public static final String DECODABLE = DECODING_LOCALE + ", or a value in a file";

    private InvisibleCharacters() {}

    /** Whether the text holds Java's replacement for the bytes of a variable that are no text in the process's locale. */
    public static boolean isUndecodable(String text) {
        return text.indexOf('\uFFFD') >= 0;
    }

    /** Whether the text holds one. A blank is one, too. */
    public static boolean isAnyIn(String text) {
        return INVISIBLE.matcher(text).find();
    }

    /** Returns the text without any of them. */
    public static String remove(String text) {
        return INVISIBLE.matcher(text).replaceAll("");
    }

    /** Returns the text without white space at its ends. Java's own strip leaves no-break spaces. */
    public static String strip(String text) {
        return SPACES_AROUND.matcher(text).replaceAll("");
    }

    /** Returns the code points of those in the text, such as {@code U+FEFF}. */
    public static String codePoints(String text) {
        return INVISIBLE
                .matcher(text)
                .results()
                .map(InvisibleCharacters::codePoint)
                .distinct()
                .collect(Collectors.joining(", "));
    }

    /** Returns the text on one line for a message: {@code ?} for a control character, {@code <U+200B>} for others. */
    public static String show(String text) {
        return INVISIBLE.matcher(text).replaceAll(InvisibleCharacters::shown);
    }

    private static String shown(MatchResult found) {
        int character = found.group().codePointAt(0);
        if (character == ' ') {
            return " ";
        }
        return character < 0x80 ? "?" : "<" + codePoint(found) + ">";
    }

    private static String codePoint(MatchResult found) {
        return "U+%04X".formatted(found.group().codePointAt(0));
    }
}
