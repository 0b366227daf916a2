package org.keyrotation.app.service;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The log settings {@code rotation.log.format} ({@code plain} or {@code json}, default {@code plain}) and {@code
 * rotation.log.level} of this project and Camel (default {@code INFO}). logback.xml reads them as system properties, so they
 * are applied before the first log line.
 */
public final class LogSettings {

    private LogSettings() {}

    /**
     * Applies the settings of the configuration.
     *
     * @param job whether a job runs: it logs to standard error, by default at WARN, and prints data to standard output
     */
    public static void apply(ConfigFile config, boolean job) {
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
        // At INFO, camel-kafka logs each consumer and producer thread.
        System.setProperty("rotation.log.level.kafka", level.equals("INFO") ? "WARN" : level);
        // While no broker answers, Kafka's clients warn many times a second. The app's own lines are enough.
        boolean verbose = level.equals("TRACE") || level.equals("DEBUG");
        System.setProperty("rotation.log.level.connections", verbose ? "WARN" : "ERROR");
    }

    /**
     * Silences the calls of the API, unless the user gives a log level: a command reports their failure itself, in a line. Must
     * be called before the settings are applied, which sets the level.
     */
    public static void silenceApi(ConfigFile config) {
        if (config.get("rotation.log.level") == null) {
            System.setProperty("rotation.log.level.api", "OFF");
        }
    }

    /** Applies the value, or the default if the value is invalid. */
    private static String apply(
            ConfigFile config,
            String property,
            List<String> allowedValues,
            String defaultValue,
            List<String> problems) {
        String value = Objects.requireNonNullElse(config.get(property), defaultValue);
        Optional<String> found =
                allowedValues.stream().filter(value::equalsIgnoreCase).findFirst();
        if (found.isEmpty()) {
            problems.add("%s: invalid value '%s', expected one of %s".formatted(property, value, allowedValues));
        }
        System.setProperty(property, found.orElse(defaultValue));
        return found.orElse(defaultValue);
    }
}
