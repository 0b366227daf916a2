package org.keyrotation.routes.retry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNullElse;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;
import org.keyrotation.model.RequestSource;

/**
 * The retry metadata of a request: what it takes along to a retry topic and back, as headers of its record.
 *
 * @param count the number of deferrals; 0 for a request that was never deferred
 * @param attempts the number of calls to generate a key
 * @param firstAttemptAt the time of the first attempt, or null if there was none
 * @param notBefore the earliest time of the next call, or null if the delay of the topic decides
 * @param lastError the reason of the last deferral, without any secret
 * @param source where the request was first found, or null if an application made it
 * @param producedAt when its first record was produced, or when an application made it
 */
public record RetryMetadata(
        int count,
        int attempts,
        @Nullable Instant firstAttemptAt,
        @Nullable Instant notBefore,
        @Nullable String lastError,
        @Nullable RequestSource source,
        Instant producedAt) {

    private static final String HEADER_PREFIX = "rotation-";
    private static final int MAX_ERROR_LENGTH = 500;
    private static final int MAX_COUNT = 1_000_000;
    private static final Duration MAX_AGE = Duration.ofDays(31);
    private static final Duration MAX_CLOCK_SKEW = Duration.ofMinutes(1);

    /** Returns the metadata of a request that was never deferred. */
    public static RetryMetadata first(@Nullable RequestSource source, Instant producedAt) {
        return new RetryMetadata(0, 0, null, null, null, source, producedAt);
    }

    /**
     * Reads the headers of a record. Anyone can write headers: a missing or implausible one counts as never deferred. A first
     * attempt in the future would never give up, and a wait above the longest possible one would never end.
     */
    public static RetryMetadata read(ConsumerRecord<byte[], byte[]> polled, Instant now) {
        Headers headers = polled.headers();
        RequestSource foundAt = new RequestSource(polled.topic(), polled.partition(), polled.offset());
        return new RetryMetadata(
                requireNonNullElse(value(headers, "deferrals", RetryMetadata::count), 0),
                requireNonNullElse(value(headers, "attempts", RetryMetadata::count), 0),
                value(headers, "first-attempt-at", text -> between(now.minus(MAX_AGE), text, now.plus(MAX_CLOCK_SKEW))),
                value(headers, "not-before", text -> between(Instant.EPOCH, text, now.plus(MAX_AGE))),
                value(headers, "last-error", RetryMetadata::truncated),
                requireNonNullElse(value(headers, "source", RequestSource::parse), foundAt),
                requireNonNullElse(
                        value(headers, "produced-at", text -> between(Instant.EPOCH, text, now.plus(MAX_CLOCK_SKEW))),
                        timestamp(polled, now)));
    }

    /**
     * Returns when a record was produced. A record may have no timestamp, or one in the far future, which no rotation would
     * satisfy. A timestamp slightly ahead stays: a redelivery must be recognised as the same request.
     */
    public static Instant timestamp(ConsumerRecord<byte[], byte[]> polled, Instant now) {
        Instant produced = Instant.ofEpochMilli(polled.timestamp());
        boolean isImplausible = produced.isBefore(Instant.EPOCH) || produced.isAfter(now.plus(MAX_CLOCK_SKEW));
        return isImplausible ? now.truncatedTo(ChronoUnit.MILLIS) : produced;
    }

    /** Returns the metadata with one more deferral. */
    public RetryMetadata next(
            int newAttempts, @Nullable Instant newFirstAttemptAt, @Nullable Instant newNotBefore, String error) {
        return new RetryMetadata(
                count + 1, newAttempts, newFirstAttemptAt, newNotBefore, truncated(error), source, producedAt);
    }

    /** Returns the headers of a record that carries this metadata. */
    public Map<String, Object> headers() {
        Map<String, Object> headers = new LinkedHashMap<>();
        put(headers, "deferrals", count);
        put(headers, "attempts", attempts);
        put(headers, "first-attempt-at", firstAttemptAt);
        put(headers, "not-before", notBefore);
        put(headers, "last-error", lastError);
        put(headers, "source", source);
        put(headers, "produced-at", producedAt);
        return headers;
    }

    private static void put(Map<String, Object> headers, String name, @Nullable Object value) {
        if (value != null) {
            headers.put(HEADER_PREFIX + name, value.toString());
        }
    }

    private static <T> @Nullable T value(Headers headers, String name, Function<String, T> parser) {
        Header header = headers.lastHeader(HEADER_PREFIX + name);
        if (header == null || header.value() == null) {
            return null;
        }
        try {
            return parser.apply(new String(header.value(), UTF_8));
        } catch (IllegalArgumentException | DateTimeException e) {
            return null;
        }
    }

    private static int count(String text) {
        int count = Integer.parseInt(text);
        if (count < 0 || count > MAX_COUNT) {
            throw new IllegalArgumentException("not a count");
        }
        return count;
    }

    private static Instant between(Instant earliest, String text, Instant latest) {
        Instant instant = Instant.parse(text);
        if (instant.isBefore(earliest) || instant.isAfter(latest)) {
            throw new IllegalArgumentException("not a plausible time");
        }
        return instant;
    }

    private static String truncated(String error) {
        return error.substring(0, Math.min(error.length(), MAX_ERROR_LENGTH));
    }
}
