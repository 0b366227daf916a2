package org.keyrotation.routes.retry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNullElse;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;
import org.keyrotation.model.RequestSource;

/**
 * What a request that waits on a retry topic brings back with it, as headers of its record.
 *
 * @param count how often it was deferred; 0 of a request that never was
 * @param attempts how often the API was asked to generate a key
 * @param firstAttemptAt when it was first tried, or null where it was only kept waiting
 * @param notBefore when the API may be called again, or null where the delay of the topic is all
 * @param lastError why it was deferred, without any secret
 * @param source where it was first found
 */
public record RetryMetadata(
        int count,
        int attempts,
        @Nullable Instant firstAttemptAt,
        @Nullable Instant notBefore,
        @Nullable String lastError,
        @Nullable RequestSource source) {

    private static final String PREFIX = "rotation-";
    private static final int LONGEST_ERROR = 500;
    private static final int MOST = 1_000_000;
    private static final Duration LONGEST = Duration.ofDays(31);
    private static final Duration SKEW = Duration.ofMinutes(1);

    /** Of a request that was never deferred. */
    public static RetryMetadata none(@Nullable RequestSource source) {
        return new RetryMetadata(0, 0, null, null, null, source);
    }

    /**
     * What is missing or makes no sense counts as never deferred: anyone can write headers. A first attempt in the future
     * would never be given up, and a wait of more than the longest that can be set never be over.
     */
    public static RetryMetadata read(Headers headers, RequestSource foundAt, Instant now) {
        return new RetryMetadata(
                requireNonNullElse(value(headers, "deferrals", RetryMetadata::count), 0),
                requireNonNullElse(value(headers, "attempts", RetryMetadata::count), 0),
                value(headers, "first-attempt-at", text -> between(now.minus(LONGEST), text, now.plus(SKEW))),
                value(headers, "not-before", text -> between(Instant.EPOCH, text, now.plus(LONGEST))),
                value(headers, "last-error", RetryMetadata::shortened),
                requireNonNullElse(value(headers, "source", RequestSource::parse), foundAt));
    }

    public RetryMetadata next(int attemptsNow, @Nullable Instant firstTried, @Nullable Instant earliest, String error) {
        return new RetryMetadata(count + 1, attemptsNow, firstTried, earliest, shortened(error), source);
    }

    public Map<String, Object> headers() {
        Map<String, Object> headers = new LinkedHashMap<>();
        put(headers, "deferrals", count);
        put(headers, "attempts", attempts);
        put(headers, "first-attempt-at", firstAttemptAt);
        put(headers, "not-before", notBefore);
        put(headers, "last-error", lastError);
        put(headers, "source", source);
        return headers;
    }

    private static void put(Map<String, Object> headers, String name, @Nullable Object value) {
        if (value != null) {
            headers.put(PREFIX + name, value.toString());
        }
    }

    private static <T> @Nullable T value(Headers headers, String name, Function<String, T> type) {
        Header header = headers.lastHeader(PREFIX + name);
        if (header == null || header.value() == null) {
            return null;
        }
        try {
            return type.apply(new String(header.value(), UTF_8));
        } catch (IllegalArgumentException | DateTimeException e) {
            return null;
        }
    }

    private static int count(String text) {
        int count = Integer.parseInt(text);
        if (count < 0 || count > MOST) {
            throw new IllegalArgumentException("no count");
        }
        return count;
    }

    private static Instant between(Instant earliest, String text, Instant latest) {
        Instant instant = Instant.parse(text);
        if (instant.isBefore(earliest) || instant.isAfter(latest)) {
            throw new IllegalArgumentException("no time that can be");
        }
        return instant;
    }

    private static String shortened(String error) {
        return error.substring(0, Math.min(error.length(), LONGEST_ERROR));
    }
}
