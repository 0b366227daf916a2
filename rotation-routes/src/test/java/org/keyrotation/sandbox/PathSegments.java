package org.keyrotation.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLDecoder;
import java.net.URLEncoder;

/** Percent-encoding of path segments. Unlike in a form, a plus sign is literal and a space is %20. */
final class PathSegments {

    private PathSegments() {}

    static String encode(String segment) {
        return URLEncoder.encode(segment, UTF_8).replace("+", "%20");
    }

    /** @throws IllegalArgumentException if two hex digits do not follow a percent sign */
    static String decode(String segment) {
        return URLDecoder.decode(segment.replace("+", "%2B"), UTF_8);
    }
}
