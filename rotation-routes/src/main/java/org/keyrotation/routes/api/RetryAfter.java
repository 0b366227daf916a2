package org.keyrotation.routes.api;

import static java.time.format.DateTimeFormatter.RFC_1123_DATE_TIME;
import static org.apache.camel.Exchange.HTTP_RESPONSE_CODE;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import org.apache.camel.Message;
import org.jspecify.annotations.Nullable;

/**
 * The Retry-After header of a response, as seconds or as a date.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9110#name-retry-after">RFC 9110, Retry-After</a>
 */
final class RetryAfter {

    private static final int TOO_MANY_REQUESTS = 429;

    private RetryAfter() {}

    /** The delay of the header, never negative. Null if the header is absent or not valid. */
    static @Nullable Duration of(Message response) {
        return parse(response.getHeader("Retry-After", String.class), Instant.now());
    }

    static boolean isTooManyRequests(Message response) {
        return response.getHeader(HTTP_RESPONSE_CODE, 0, int.class) == TOO_MANY_REQUESTS;
    }

    /** The back-off that a 429 asks for. Null for other responses, and for a 429 that names none. */
    static @Nullable Duration backOff(Message response) {
        Duration delay = isTooManyRequests(response) ? of(response) : null;
        return delay == null || delay.isZero() ? null : delay;
    }

    private static @Nullable Duration parse(@Nullable String header, Instant now) {
        if (header == null) {
            return null;
        }
        try {
            Duration delay = header.matches("\\d{1,9}")
                    ? Duration.ofSeconds(Long.parseLong(header))
                    : Duration.between(now, ZonedDateTime.parse(header, RFC_1123_DATE_TIME));
            return delay.isNegative() ? Duration.ZERO : delay;
        } catch (DateTimeException e) {
            return null;
        }
    }
}
