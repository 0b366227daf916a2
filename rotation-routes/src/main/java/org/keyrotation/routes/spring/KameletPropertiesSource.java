package org.keyrotation.routes.spring;

import java.util.Locale;
import java.util.Properties;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.spi.LoadablePropertiesSource;
import org.apache.camel.util.StringHelper;
import org.jspecify.annotations.Nullable;

/**
 * A properties source of Camel with the properties of this library's Kamelets in Spring's {@code Environment}. Camel Spring
 * Boot looks for {@code camel.kamelet.*} in Camel's own sources only, and ignores those of the application.
 */
final class KameletPropertiesSource implements LoadablePropertiesSource {

    private static final Pattern PROPERTY = Pattern.compile(
            "(camel\\.kamelet\\.(?:rotate-client-key-action|rotated-client-keys-source)\\.(?:.+\\.)?)(.+)");
    private static final Pattern VARIABLE =
            Pattern.compile("CAMEL_KAMELET_(ROTATE_CLIENT_KEY_ACTION|ROTATED_CLIENT_KEYS_SOURCE)_(.+)");

    private final SpringProperties properties;

    KameletPropertiesSource(SpringProperties properties) {
        this.properties = properties;
    }

    @Override
    public String getName() {
        return "rotation-kamelets";
    }

    @Override
    public @Nullable String getProperty(String name) {
        return PROPERTY.matcher(name).matches() ? loadProperties(name::equals).getProperty(name) : null;
    }

    @Override
    public Properties loadProperties() {
        return loadProperties(name -> true);
    }

    @Override
    public Properties loadProperties(Predicate<String> filter) {
        Properties loaded = new Properties();
        properties.forEach((raw, value) -> {
            String name = name(raw);
            if (name != null && filter.test(name) && !loaded.containsKey(name)) {
                loaded.setProperty(name, value.get());
            }
        });
        return loaded;
    }

    @Override
    public void reloadProperties(String location) {}

    /** Returns the property's name as the Kamelet's file spells it, or null for any other property. */
    private static @Nullable String name(String raw) {
        Matcher variable = VARIABLE.matcher(raw);
        String dashed = variable.matches()
                ? "camel.kamelet." + dashed(variable.group(1)) + "." + dashed(variable.group(2))
                : raw;
        Matcher property = PROPERTY.matcher(dashed);
        return property.matches() ? property.group(1) + StringHelper.dashToCamelCase(property.group(2)) : null;
    }

    private static String dashed(String variable) {
        return variable.toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
