package org.keyrotation.app;

import java.util.List;
import java.util.Objects;

/**
 * {@code rotation.log.format} ({@code plain} by default, or {@code json}) and {@code rotation.log.level} of this project
 * and of Camel ({@code INFO} by default). Applied before the first line is logged: logback.xml reads them as system
 * properties.
 */
final class LogSettings {

    private LogSettings() {}

    static void apply(ConfigFile config) {
        apply(config, "rotation.log.format", List.of("plain", "json"), "plain");
        String level = apply(config, "rotation.log.level", List.of("TRACE", "DEBUG", "INFO", "WARN", "ERROR"), "INFO");
        System.setProperty(
                "rotation.log.level.kafka", level.equals("INFO") ? "WARN" : level); // it tells of each thread
    }

    private static String apply(ConfigFile config, String property, List<String> allowed, String byDefault) {
        String value = Objects.requireNonNullElse(config.get(property), byDefault);
        String found = allowed.stream()
                .filter(value.strip()::equalsIgnoreCase)
                .findFirst()
                .orElseThrow(() ->
                        new UsageException("%s: it is '%s'; allowed is one of %s".formatted(property, value, allowed)));
        System.setProperty(property, found);
        return found;
    }
}
