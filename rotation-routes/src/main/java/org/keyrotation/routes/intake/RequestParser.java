package org.keyrotation.routes.intake;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Clock;
import java.util.Arrays;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.jspecify.annotations.Nullable;
import org.keyrotation.model.CredentialId;
import org.keyrotation.model.RequestSource;
import org.keyrotation.model.RotationFailed;
import org.keyrotation.model.RotationRequest;
import org.keyrotation.model.UnreadableRequestException;
import org.keyrotation.routes.RotationOutcome;
import org.keyrotation.routes.kafka.InFlightRecord;
import org.keyrotation.routes.retry.RetryMetadata;
import org.keyrotation.routes.rotate.Rotation;

/** Parser of requests. The home partition is the one that the Java client's default partitioner gives the credential. */
final class RequestParser {

    private final Clock clock;

    RequestParser(Clock clock) {
        this.clock = clock;
    }

    /** Returns a {@link Rotation}, a {@link MisroutedRequest} or an {@link UnreadableRequest}. */
    Object parse(InFlightRecord inFlight) {
        ConsumerRecord<byte[], byte[]> consumerRecord = inFlight.consumerRecord();
        RequestSource foundAt =
                new RequestSource(consumerRecord.topic(), consumerRecord.partition(), consumerRecord.offset());
        RetryMetadata metadata = RetryMetadata.read(consumerRecord, clock.instant());
        try {
            Rotation rotation = Rotation.of(request(consumerRecord, foundAt), metadata, inFlight);
            byte[] key = rotation.credential().toString().getBytes(UTF_8);
            int homePartition = BuiltInPartitioner.partitionForKey(key, inFlight.partitionCount());
            return homePartition == consumerRecord.partition() && Arrays.equals(key, consumerRecord.key())
                    ? rotation
                    : new MisroutedRequest(rotation, homePartition);
        } catch (UnreadableRequestException e) {
            RotationFailed failure = failure(e, consumerRecord.value(), metadata.source());
            return new UnreadableRequest(new RotationOutcome.Failed(failure), inFlight);
        }
    }

    /**
     * Returns the request with its requestId and its requestedAt.
     *
     * @throws UnreadableRequestException if the record is not a valid request
     */
    RotationRequest request(ConsumerRecord<byte[], byte[]> consumerRecord, RequestSource foundAt) {
        return RotationRequest.read(consumerRecord.value())
                .completed(foundAt.toString(), RetryMetadata.timestamp(consumerRecord, clock.instant()));
    }

    private RotationFailed failure(
            UnreadableRequestException e, byte @Nullable [] value, @Nullable RequestSource source) {
        CredentialId credential = e.credential();
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
                null,
                null,
                null,
                null,
                source,
                RotationFailed.firstBytesOf(value));
    }
}
