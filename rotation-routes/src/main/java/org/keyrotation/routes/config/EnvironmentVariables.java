package org.keyrotation.routes.config;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The environment variables whose names begin like those of our properties. */
final class EnvironmentVariables {

    private static final String PREFIX = "ROTATION_";

    /** Kubernetes injects these for a service that is called {@code rotation}. The service itself reads the others. */
    private static final Pattern OTHERS = Pattern.compile(
            "ROTATION_(CONFIG|LOG_.*|PAGE_.*|(.*_)?SERVICE_HOST|(.*_)?SERVICE_PORT(_.*)?|(.*_)?PORT(_\\d.*)?)");

    private EnvironmentVariables() {}

    /**
     * Returns those that no property reads, in alphabetical order.
     *
     * @param properties the names of the properties that were read
     * @param values of other properties: a variable that one of them names is in use
     */
    static List<String> unknown(Set<String> variables, Set<String> properties, Collection<String> values) {
        Set<String> known =
                properties.stream().map(EnvironmentVariables::variable).collect(Collectors.toSet());
        return variables.stream()
                .filter(name -> name.startsWith(PREFIX) && !known.contains(name))
                .filter(name -> !OTHERS.matcher(name).matches())
                .filter(name -> values.stream().noneMatch(value -> value.contains(name)))
                .sorted()
                .toList();
    }

    private static String variable(String property) {
        return property.toUpperCase(Locale.ROOT).replaceAll("[.-]", "_");
    }
}
