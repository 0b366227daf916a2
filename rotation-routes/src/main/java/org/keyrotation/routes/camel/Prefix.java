package org.keyrotation.routes.camel;

import java.util.regex.Pattern;

/**
 * A prefix is the first part of every name that these routes use: of routes, endpoints, components, health checks, meters,
 * properties and topics. It keeps these names apart from an application's own.
 *
 * @param name 1 to 40 lower-case letters, digits and single hyphens, a letter first
 */
public record Prefix(String name) {

    private static final Pattern VALID = Pattern.compile("(?=.{1,40}$)[a-z][a-z0-9]*(-[a-z0-9]+)*");
    private static final Pattern DEFAULT_NAME = Pattern.compile("(?<![A-Za-z0-9.-])rotation\\.(?=[a-z])");

    /** The prefix of the documented properties. Its public endpoints have no prefix. */
    public static final Prefix ROTATION = new Prefix("rotation");

    /** @throws IllegalArgumentException if the name cannot be part of all these names */
    public Prefix {
        if (!VALID.matcher(name).matches()) {
            throw new IllegalArgumentException("prefix: invalid value '" + name
                    + "', expected 1 to 40 lower-case letters, digits and single hyphens, a letter first");
        }
    }

    /** Returns the id of a route, an internal endpoint, a thread pool or a health check. */
    public String id(String local) {
        return name + "-" + local;
    }

    /** Returns the name of a {@code direct:} endpoint for the application's use. */
    public String publicEndpoint(String local) {
        return equals(ROTATION) ? local : id(local);
    }

    /** Returns the name of the property that is {@code rotation.*} by default. */
    public String property(String defaultName) {
        return name + defaultName.substring(ROTATION.name().length());
    }

    /** Returns the text with this prefix in each name of a property, topic or meter {@code rotation.*}. */
    public String rewrite(String text) {
        return DEFAULT_NAME.matcher(text).replaceAll(name + ".");
    }
}
