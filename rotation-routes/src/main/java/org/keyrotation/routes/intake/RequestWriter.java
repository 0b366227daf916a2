package org.keyrotation.routes.intake;

import java.time.Clock;
import java.util.UUID;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.component.kafka.KafkaConstants;
import org.keyrotation.model.RotationRequest;

/** Makes a request ready for its topic: a record's time bounds its requestedAt, so both are told by one clock. */
final class RequestWriter {

    private final Clock clock;

    RequestWriter(Clock clock) {
        this.clock = clock;
    }

    RotationRequest complete(RotationRequest request) {
        return request.completed(UUID.randomUUID().toString(), clock.instant());
    }

    void address(Exchange exchange) {
        Message message = exchange.getMessage();
        RotationRequest request = message.getBody(RotationRequest.class);
        message.removeHeaders("*");
        message.setHeader(KafkaConstants.KEY, request.credential().toString());
        message.setHeader(KafkaConstants.OVERRIDE_TIMESTAMP, clock.millis());
    }

    /** With its history, the place where it was found among it, and to that partition whatever partitioner is set. */
    void addressHome(Exchange exchange) {
        Message message = exchange.getMessage();
        AwayFromHome away = message.getBody(AwayFromHome.class);
        message.removeHeaders("*");
        message.setHeaders(away.rotation().history().headers());
        message.setHeader(KafkaConstants.KEY, away.rotation().credential().toString());
        message.setHeader(KafkaConstants.PARTITION_KEY, away.homePartition());
        message.setHeader(KafkaConstants.OVERRIDE_TIMESTAMP, clock.millis());
        message.setBody(away.rotation().request());
    }
}
