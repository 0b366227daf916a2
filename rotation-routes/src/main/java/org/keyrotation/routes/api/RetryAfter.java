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
 * The header, as seconds or as a date.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9110#name-retry-after">RFC 9110, Retry-After</a>
 */
final class RetryAfter {

    private static final int TOO_MANY_REQUESTS = 429;

    private RetryAfter() {}

    /** That an answer asks for. Null where there is none that can be understood; never negative. */
    static @Nullable Duration of(Message answer) {
        return parse(answer.getHeader("Retry-After", String.class), Instant.now());
    }

    static boolean isTooManyRequests(Message answer) {
        return answer.getHeader(HTTP_RESPONSE_CODE, 0, int.class) == TOO_MANY_REQUESTS;
    }

    /** How long to leave a company alone. Null where the answer is no 429, or does not say. */
    static @Nullable Duration restAskedBy(Message answer) {
        Duration wait = isTooManyRequests(answer) ? of(answer) : null;
        return wait == null || wait.isZero() ? null : wait;
    }

    /** Null where there is none that can be understood; never negative. */
    static @Nullable Duration parse(@Nullable String header, Instant now) {
        if (header == null) {
            return null;
        }
        try {
            Duration wait = header.matches("\\d{1,9}")
                    ? Duration.ofSeconds(Long.parseLong(header))
                    : Duration.between(now, ZonedDateTime.parse(header, RFC_1123_DATE_TIME));
            return wait.isNegative() ? Duration.ZERO : wait;
        } catch (DateTimeException e) {
            return null;
        }
    }
}
