package org.keyrotation.app;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * {@code rotation.log.format} ({@code plain} by default, or {@code json}) and {@code rotation.log.level} of this project
 * and of Camel ({@code INFO} by default). Applied before the first line is logged: logback.xml reads them as system
 * properties.
 */
final class LogSettings {

    private LogSettings() {}

    static void apply(ConfigFile config) {
        List<String> problems = new ArrayList<>();
        apply(config, "rotation.log.format", List.of("plain", "json"), "plain", problems);
        String level = apply(
                config, "rotation.log.level", List.of("TRACE", "DEBUG", "INFO", "WARN", "ERROR"), "INFO", problems);
        if (!problems.isEmpty()) {
            throw new UsageException(problems);
        }
        System.setProperty(
                "rotation.log.level.kafka", level.equals("INFO") ? "WARN" : level); // it tells of each thread
    }

    /** The default stands in for a value that is a problem. */
    private static String apply(
            ConfigFile config, String property, List<String> allowed, String byDefault, List<String> problems) {
        String value = Objects.requireNonNullElse(config.get(property), byDefault);
        Optional<String> found =
                allowed.stream().filter(value.strip()::equalsIgnoreCase).findFirst();
        if (found.isEmpty()) {
            problems.add("%s: it is '%s'; allowed is one of %s".formatted(property, value, allowed));
        }
        System.setProperty(property, found.orElse(byDefault));
        return found.orElse(byDefault);
    }
}
