package org.keyrotation.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLDecoder;
import java.net.URLEncoder;

/** Percent-encoding of a path segment: unlike in a form, a plus sign is itself and a space is %20. */
final class Paths {

    private Paths() {}

    static String encode(String segment) {
        return URLEncoder.encode(segment, UTF_8).replace("+", "%20");
    }

    /** @throws IllegalArgumentException where a percent sign is followed by something else than two hex digits */
    static String decode(String segment) {
        return URLDecoder.decode(segment.replace("+", "%2B"), UTF_8);
    }
}
