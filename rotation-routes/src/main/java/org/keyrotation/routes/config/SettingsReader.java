package org.keyrotation.routes.config;

import java.time.DateTimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Reads properties into types, and gathers what is wrong with them instead of stopping at the first. */
public final class SettingsReader {

    private static final String UNUSABLE = "its value cannot be used";

    private final Function<String, @Nullable String> lookup;
    private final Map<String, String> defaults = new LinkedHashMap<>();
    private final List<String> problems = new ArrayList<>();

    public SettingsReader(Function<String, @Nullable String> lookup) {
        this.lookup = lookup;
    }

    /** A secret's value is in no message. */
    @Nullable
    public String secret(String property) {
        return read(property, null, text -> text, "text without control characters", SettingsReader::isPrintable, true);
    }

    /** A secret that is sent as a header of its own. */
    @Nullable
    public String token(String property) {
        String allowed = "printable ASCII characters without spaces";
        return read(property, null, text -> text, allowed, text -> text.matches("[!-~]+"), true);
    }

    public String text(String property, String byDefault, String allowed, Predicate<String> rule) {
        return required(read(property, byDefault, text -> text, allowed, rule, false), byDefault);
    }

    public <T> T value(String property, String byDefault, Function<String, T> type, String allowed, Predicate<T> rule) {
        return required(read(property, byDefault, type, allowed, rule, false), type.apply(byDefault));
    }

    public boolean flag(String property, boolean byDefault) {
        return value(property, Boolean.toString(byDefault), SettingsReader::strictBoolean, "true or false", b -> true);
    }

    public int number(String property, int byDefault, int least, int most) {
        String allowed = "a whole number from %d to %d".formatted(least, most);
        return value(property, Integer.toString(byDefault), Integer::valueOf, allowed, n -> n >= least && n <= most);
    }

    public Duration duration(String property, String byDefault, Duration least, Duration most) {
        String allowed = "an ISO-8601 duration from %s to %s, PT30S or P90D say".formatted(least, most);
        return value(
                property, byDefault, Duration::parse, allowed, d -> d.compareTo(least) >= 0 && d.compareTo(most) <= 0);
    }

    public void problem(String property, String wrong, String allowed) {
        problems.add("%s: %s; allowed is %s".formatted(property, wrong, allowed));
    }

    public List<String> problems() {
        return problems;
    }

    /** Every property that was asked for, with its default, or an empty text where it has none. */
    public Map<String, String> asked() {
        return defaults;
    }

    private <T> @Nullable T read(
            String property,
            @Nullable String byDefault,
            Function<String, T> type,
            String allowed,
            Predicate<T> rule,
            boolean secret) {
        defaults.put(property, byDefault == null ? "" : byDefault);
        String text;
        try {
            text = lookup.apply(property);
        } catch (RuntimeException e) {
            problem(
                    property,
                    "its placeholder cannot be resolved",
                    "one that Camel, with the modules on the class path, or its host can resolve");
            return null;
        }
        if (text == null) {
            return null;
        }
        T value = parse(text, type);
        if (value == null || !rule.test(value)) {
            problem(property, text.isBlank() ? "it is empty" : secret ? UNUSABLE : shown(text), allowed);
            return null;
        }
        return value;
    }

    /** What has an @ may be a URL with a password in it. */
    private static String shown(String text) {
        return text.contains("@") ? UNUSABLE : "it is '" + text.replaceAll("\\p{Cntrl}", "?") + "'";
    }

    private static <T> @Nullable T parse(String text, Function<String, T> type) {
        try {
            return text.isBlank() ? null : type.apply(text);
        } catch (IllegalArgumentException | DateTimeException e) {
            return null;
        }
    }

    private static Boolean strictBoolean(String text) {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException(text);
        };
    }

    private static boolean isPrintable(String text) {
        return text.chars().noneMatch(Character::isISOControl);
    }

    private static <T> T required(@Nullable T value, T otherwise) {
        return value == null ? otherwise : value;
    }
}
