package org.keyrotation.routes.intake;

import java.time.Clock;
import java.util.UUID;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.keyrotation.model.RotationRequest;
import org.keyrotation.routes.kafka.KafkaHeaders;

/** Makes a request ready for its topic: a record's time bounds its requestedAt, so both are told by one clock. */
final class RequestRecords {

    private final Clock clock;

    RequestRecords(Clock clock) {
        this.clock = clock;
    }

    RotationRequest complete(RotationRequest request) {
        return request.completed(UUID.randomUUID().toString(), clock.instant());
    }

    void address(Exchange exchange) {
        Message message = exchange.getMessage();
        RotationRequest request = message.getBody(RotationRequest.class);
        message.removeHeaders("*");
        message.setHeader(KafkaHeaders.KEY, request.credential().toString());
        message.setHeader(KafkaHeaders.OVERRIDE_TIMESTAMP, clock.millis());
    }

    /** With its history, the place where it was found among it, and to that partition whatever partitioner is set. */
    void addressHome(Exchange exchange) {
        Message message = exchange.getMessage();
        MisroutedRequest away = message.getBody(MisroutedRequest.class);
        message.removeHeaders("*");
        message.setHeaders(away.rotation().history().headers());
        message.setHeader(KafkaHeaders.KEY, away.rotation().credential().toString());
        message.setHeader(KafkaHeaders.PARTITION_KEY, away.homePartition());
        message.setHeader(KafkaHeaders.OVERRIDE_TIMESTAMP, clock.millis());
        message.setBody(away.rotation().request());
    }
}
