package org.keyrotation.routes.intake;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.jspecify.annotations.Nullable;
import org.keyrotation.model.CredentialId;
import org.keyrotation.model.FailureCode;
import org.keyrotation.model.RequestSource;
import org.keyrotation.model.RotationFailed;
import org.keyrotation.model.RotationRequest;
import org.keyrotation.model.UnreadableRequestException;
import org.keyrotation.routes.kafka.Taken;
import org.keyrotation.routes.publish.Outcome;
import org.keyrotation.routes.retry.RetryMetadata;
import org.keyrotation.routes.rotate.Rotation;

/**
 * Makes a Kafka record a {@link Rotation}; one that is {@link MisroutedRequest}, in another partition or under another key than
 * the Java client's default partitioner would have it; or, where it is none, the
 * {@link RotationFailed} that says why.
 */
final class RequestParser {

    private static final Duration LARGEST_SKEW = Duration.ofMinutes(1);

    private final Clock clock;

    RequestParser(Clock clock) {
        this.clock = clock;
    }

    Object read(Taken taken) {
        ConsumerRecord<byte[], byte[]> message = taken.message();
        RequestSource foundAt = new RequestSource(message.topic(), message.partition(), message.offset());
        RetryMetadata history = RetryMetadata.read(message.headers(), foundAt, clock.instant());
        try {
            RotationRequest request = RotationRequest.read(message.value());
            Rotation rotation =
                    Rotation.of(request.completed(foundAt.toString(), timestamp(message)), history, taken.claim());
            byte[] key = rotation.credential().toString().getBytes(UTF_8);
            int home = BuiltInPartitioner.partitionForKey(key, taken.partitions());
            return home == message.partition() && Arrays.equals(key, message.key())
                    ? rotation
                    : new MisroutedRequest(rotation, home);
        } catch (UnreadableRequestException e) {
            return new Outcome.Told(unreadable(e, message.value(), history.source()));
        }
    }

    /**
     * A record may have no time at all, or one far ahead, which no rotation would ever satisfy. One that is ahead a little
     * stays: what is read again later must be taken for the same request.
     */
    private Instant timestamp(ConsumerRecord<byte[], byte[]> message) {
        long produced = message.timestamp();
        boolean odd = produced < 0 || produced > clock.millis() + LARGEST_SKEW.toMillis();
        return Instant.ofEpochMilli(odd ? clock.millis() : produced);
    }

    private RotationFailed unreadable(
            UnreadableRequestException e, byte @Nullable [] value, @Nullable RequestSource source) {
        CredentialId credential = e.credential();
        boolean malformed = e.code() == FailureCode.MALFORMED_REQUEST;
        return new RotationFailed(
                e.requestId(),
                credential == null ? null : credential.companyId(),
                credential == null ? null : credential.apiCredentialId(),
                e.code(),
                String.valueOf(e.getMessage()),
                e.code().retryable(),
                0,
                clock.instant(),
                null,
                source,
                malformed ? RotationFailed.firstBytesOf(value) : null);
    }
}
