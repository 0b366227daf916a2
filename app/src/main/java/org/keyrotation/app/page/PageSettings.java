package org.keyrotation.app.page;

import org.keyrotation.routes.config.SettingsReader;

/**
 * The settings {@code rotation.page.*}.
 *
 * @param enabled whether the service serves the page
 * @param host the address that the page listens on. The page asks for no password.
 * @param port the port of the page, another one than that of health and metrics
 */
public record PageSettings(boolean enabled, String host, int port) {

    /** What the names of the settings begin with. */
    public static final String PREFIX = "rotation.page.";

    /** Reads the settings. The reader collects the problems. */
    public static PageSettings read(SettingsReader in) {
        return new PageSettings(
                in.flag("rotation.page.enabled", false),
                in.text(
                        "rotation.page.host",
                        "127.0.0.1",
                        "a host name or an IP address",
                        host -> host.matches("[A-Za-z0-9.:_-]{1,253}")),
                in.integer("rotation.page.port", 9877, 1, 65_535));
    }
}
