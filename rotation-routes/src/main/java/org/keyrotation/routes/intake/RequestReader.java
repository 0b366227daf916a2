package org.keyrotation.routes.intake;

import java.time.Clock;
import java.time.Instant;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.component.kafka.KafkaConstants;
import org.jspecify.annotations.Nullable;
import org.keyrotation.model.CredentialId;
import org.keyrotation.model.FailureCode;
import org.keyrotation.model.RequestSource;
import org.keyrotation.model.RotationFailed;
import org.keyrotation.model.RotationRequest;
import org.keyrotation.model.UnreadableRequestException;
import org.keyrotation.routes.rotate.Rotation;

/** Makes a Kafka record a {@link Rotation}, or the {@link RotationFailed} that says why it is none. */
final class RequestReader {

    private final Clock clock;

    RequestReader(Clock clock) {
        this.clock = clock;
    }

    Object read(Exchange exchange) {
        Message message = exchange.getMessage();
        RequestSource source = source(message);
        byte[] value = message.getBody(byte[].class);
        try {
            RotationRequest request = RotationRequest.read(value);
            return Rotation.of(request.completed(source.toString(), timestamp(message)), source);
        } catch (UnreadableRequestException e) {
            return unreadable(e, value, source);
        }
    }

    private static RequestSource source(Message message) {
        return new RequestSource(
                message.getHeader(KafkaConstants.TOPIC, String.class),
                message.getHeader(KafkaConstants.PARTITION, int.class),
                message.getHeader(KafkaConstants.OFFSET, long.class));
    }

    /** A producer's clock may run ahead, and a record may have no time at all; nothing was asked for later than now. */
    private Instant timestamp(Message message) {
        long produced = message.getHeader(KafkaConstants.TIMESTAMP, long.class);
        return Instant.ofEpochMilli(produced < 0 ? clock.millis() : Math.min(produced, clock.millis()));
    }

    private RotationFailed unreadable(UnreadableRequestException e, byte @Nullable [] value, RequestSource source) {
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
