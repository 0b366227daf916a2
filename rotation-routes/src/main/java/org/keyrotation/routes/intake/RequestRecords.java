package org.keyrotation.routes.intake;

import java.time.Clock;
import java.util.UUID;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.keyrotation.model.RotationRequest;
import org.keyrotation.routes.kafka.KafkaHeaders;

/** Records of the requests topic. A record's timestamp bounds its requestedAt, so that both come from the same clock. */
final class RequestRecords {

    private final Clock clock;

    RequestRecords(Clock clock) {
        this.clock = clock;
    }

    /** Returns the request with a requestId and a requestedAt. */
    RotationRequest complete(RotationRequest request) {
        return request.completed(UUID.randomUUID().toString(), clock.instant());
    }

    void setHeaders(Exchange exchange) {
        Message message = exchange.getMessage();
        RotationRequest request = message.getBody(RotationRequest.class);
        message.removeHeaders("*");
        message.setHeader(KafkaHeaders.KEY, request.credential().toString());
        message.setHeader(KafkaHeaders.OVERRIDE_TIMESTAMP, clock.millis());
    }

    /** Keeps the retry metadata, and names the partition: the application may have configured another partitioner. */
    void routeToHomePartition(Exchange exchange) {
        Message message = exchange.getMessage();
        MisroutedRequest misrouted = message.getBody(MisroutedRequest.class);
        message.removeHeaders("*");
        message.setHeaders(misrouted.rotation().retryMetadata().headers());
        message.setHeader(KafkaHeaders.KEY, misrouted.rotation().credential().toString());
        message.setHeader(KafkaHeaders.PARTITION_KEY, misrouted.homePartition());
        message.setHeader(KafkaHeaders.OVERRIDE_TIMESTAMP, clock.millis());
        message.setBody(misrouted.rotation().request());
    }
}
