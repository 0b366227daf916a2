package org.keyrotation.routes.publish;

import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.jspecify.annotations.Nullable;
import org.keyrotation.model.CredentialId;
import org.keyrotation.model.RotationEvent;
import org.keyrotation.routes.RotationOutcome;
import org.keyrotation.routes.kafka.KafkaHeaders;

/** CloudEvents binary mode: the event is the body, its attributes are the headers. No header of the request survives. */
final class CloudEvent {

    private static final String SOURCE = "urn:org.keyrotation:key-rotation";

    private CloudEvent() {}

    static void setHeaders(Exchange exchange) {
        Message message = exchange.getMessage();
        RotationEvent event = event(Publishable.outcomeOf(exchange));
        message.setBody(event);
        message.removeHeaders("*");
        message.setHeader("ce_specversion", "1.0");
        message.setHeader("ce_id", event.id());
        message.setHeader("ce_source", SOURCE);
        message.setHeader("ce_type", event.type());
        message.setHeader("ce_time", event.time().toString());
        message.setHeader("content-type", "application/json");
        CredentialId credential = event.credential();
        if (credential != null) {
            String subject = credential.toString();
            message.setHeader("ce_subject", subject);
            message.setHeader(KafkaHeaders.KEY, subject);
        }
    }

    private static RotationEvent event(@Nullable RotationOutcome outcome) {
        if (outcome instanceof RotationOutcome.Rotated rotated) {
            return rotated.event();
        }
        if (outcome instanceof RotationOutcome.Failed failed) {
            return failed.event();
        }
        if (outcome instanceof RotationOutcome.Satisfied satisfied && satisfied.event() != null) {
            return satisfied.event();
        }
        throw new IllegalStateException("No event: the request is deferred, or it was settled before");
    }
}
