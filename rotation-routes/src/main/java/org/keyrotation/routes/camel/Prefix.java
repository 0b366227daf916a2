package org.keyrotation.routes.camel;

import java.util.regex.Pattern;

/**
 * What the names of routes, endpoints, components, health checks, meters, properties and topics begin with.
 *
 * @param name lower-case letters, digits and single hyphens, a letter first, at most 40
 */
public record Prefix(String name) {

    private static final Pattern ALLOWED = Pattern.compile("(?=.{1,40}$)[a-z][a-z0-9]*(-[a-z0-9]+)*");
    private static final Pattern OURS = Pattern.compile("(?<![A-Za-z0-9.-])rotation\\.(?=[a-z])");

    /** Of the properties that the README tells of; its doors have no prefix. */
    public static final Prefix ROTATION = new Prefix("rotation");

    /** Refuses what could not stand in all of these names. */
    public Prefix {
        if (!ALLOWED.matcher(name).matches()) {
            throw new IllegalArgumentException("The prefix is '" + name
                    + "'; allowed are 1 to 40 lower-case letters, digits and single hyphens, a letter first");
        }
    }

    /** The name of a route, an endpoint of its own, and so on. */
    public String of(String local) {
        return name + "-" + local;
    }

    /** The name of a {@code direct:} endpoint that an application uses. */
    public String door(String local) {
        return equals(ROTATION) ? local : of(local);
    }

    /** The property that is {@code rotation.*} by default. */
    public String property(String ofRotation) {
        return name + ofRotation.substring(ROTATION.name().length());
    }

    /** Text in which each property, topic and meter {@code rotation.*} has this prefix instead. */
    public String in(String text) {
        return OURS.matcher(text).replaceAll(name + ".");
    }
}
