package org.keyrotation.routes.config;

import static java.util.Objects.requireNonNullElse;

import java.util.HashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.PropertiesComponent;
import org.apache.camel.spi.PropertiesFunction;
import org.apache.camel.util.IOHelper;
import org.jspecify.annotations.Nullable;

/**
 * Camel's property functions and placeholders in values, such as {@code {{env:NAME}}}. Their result is literal text: Camel's own
 * resolver resolves it again, drops backslashes from it, and logs it. A backslash before the braces escapes them.
 *
 * <p>Camel takes a placeholder of an unknown function for a property with a default value: a secret would become the name of
 * its vault.
 */
public final class PropertyFunctions {

    private static final Pattern FUNCTION = Pattern.compile("\\{\\{\\??([A-Za-z0-9_-]+):");
    private static final Pattern INNERMOST = Pattern.compile("\\{\\{(?!\\{)((?:(?!\\{\\{|}}).)*)}}", Pattern.DOTALL);
    private static final Pattern BRACES = Pattern.compile("(\\\\*)(\\{\\{|}})");
    private static final Pattern ESCAPES = Pattern.compile("(\\\\+)(\\{\\{|}})");

    /** Unicode's noncharacters: no text holds them. They stand for braces that begin and end no placeholder. */
    private static final char LITERAL_OPEN = '\uFDD0';

    private static final char LITERAL_CLOSE = '\uFDD1';

    private final PropertiesComponent properties;
    private final Set<String> references = new HashSet<>();

    private PropertyFunctions(PropertiesComponent properties) {
        this.properties = properties;
    }

    /**
     * Returns the value with the results of its placeholders, or null if it is one optional placeholder without a value.
     *
     * @throws IllegalArgumentException if a placeholder cannot be resolved
     */
    public static @Nullable String resolve(CamelContext context, String value) {
        return new PropertyFunctions(context.getPropertiesComponent()).resolve(value);
    }

    /** Returns the value that resolves to this text. */
    public static String escape(String literal) {
        return BRACES.matcher(literal).replaceAll("$1$1\\\\$2");
    }

    /** Whether the value calls a function that the context does not have. */
    public static boolean isAnyMissing(CamelContext context, String value) {
        return FUNCTION.matcher(protectEscaped(value))
                .results()
                .anyMatch(match -> context.getPropertiesComponent().getPropertiesFunction(match.group(1)) == null);
    }

    private @Nullable String resolve(String value) {
        String text = protectEscaped(value);
        Matcher placeholder = INNERMOST.matcher(text);
        while (placeholder.find()) {
            String result = evaluate(unprotect(placeholder.group(1)));
            if (result == null && placeholder.start() == 0 && placeholder.end() == text.length()) {
                return null;
            }
            text = text.substring(0, placeholder.start())
                    + protect(requireNonNullElse(result, ""))
                    + text.substring(placeholder.end());
            placeholder = INNERMOST.matcher(text);
        }
        if (text.contains("{{")) {
            throw unresolvable(text.substring(text.indexOf("{{") + 2));
        }
        return unprotect(text);
    }

    private @Nullable String evaluate(String key) {
        boolean isOptional = key.startsWith("?");
        String name = isOptional ? key.substring(1) : key;
        int colon = name.indexOf(':');
        PropertiesFunction function = colon < 0 ? null : properties.getPropertiesFunction(name.substring(0, colon));
        if (function != null) {
            return apply(function, name.substring(colon + 1), isOptional);
        }
        String result = property(colon < 0 ? name : name.substring(0, colon));
        if (result == null && colon >= 0) {
            return name.substring(colon + 1);
        }
        if (result == null && !isOptional) {
            throw unresolvable(name);
        }
        return result;
    }

    private @Nullable String apply(PropertiesFunction function, String argument, boolean isOptional) {
        boolean mayBeMissing = isOptional || argument.startsWith("?");
        String name = argument.startsWith("?") ? argument.substring(1) : argument;
        String input = function.lookupFirst(name) ? property(name) : name;
        String result = input == null ? null : function.apply(input);
        if (result == null && !mayBeMissing && !function.optional(name)) {
            throw unresolvable(function.getName() + ":" + name);
        }
        return result;
    }

    /** In Camel's order: environment, system property, the context's own sources, those of its host. */
    private @Nullable String property(String name) {
        String literal = IOHelper.lookupEnvironmentVariable(name);
        literal = literal == null ? System.getProperty(name) : literal;
        if (literal != null) {
            return literal;
        }
        String value = properties.loadProperties(name::equals).getProperty(name);
        if (value == null) {
            return properties.resolveProperty(name).orElse(null);
        }
        if (!references.add(name)) {
            throw unresolvable(name); // it refers to itself
        }
        String result = resolve(value);
        references.remove(name);
        return result;
    }

    /** An odd number of backslashes before braces is an escape, and two of them are one backslash. */
    private static String protectEscaped(String value) {
        return ESCAPES.matcher(value).replaceAll(match -> {
            int backslashes = match.group(1).length();
            String braces = backslashes % 2 == 0 ? match.group(2) : protect(match.group(2));
            return Matcher.quoteReplacement("\\".repeat(backslashes / 2) + braces);
        });
    }

    private static String protect(String text) {
        return text.replace('{', LITERAL_OPEN).replace('}', LITERAL_CLOSE);
    }

    private static String unprotect(String text) {
        return text.replace(LITERAL_OPEN, '{').replace(LITERAL_CLOSE, '}');
    }

    private static IllegalArgumentException unresolvable(String key) {
        return new IllegalArgumentException("unresolvable property [" + unprotect(key) + "]");
    }
}
