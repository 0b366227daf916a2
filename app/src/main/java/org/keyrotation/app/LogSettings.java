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

    /** @param job whether what it shows is on standard output, so that logs are not, and by default only what is wrong is */
    static void apply(ConfigFile config, boolean job) {
        List<String> problems = new ArrayList<>();
        apply(config, "rotation.log.format", List.of("plain", "json"), "plain", problems);
        String level = apply(
                config,
                "rotation.log.level",
                List.of("TRACE", "DEBUG", "INFO", "WARN", "ERROR"),
                job ? "WARN" : "INFO",
                problems);
        if (!problems.isEmpty()) {
            throw new UsageException(problems);
        }
        boolean quiet = level.equals("WARN") || level.equals("ERROR");
        System.setProperty("rotation.log.level.guarded", quiet ? level : "INFO");
        System.setProperty("rotation.log.target", job ? "System.err" : "System.out");
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
