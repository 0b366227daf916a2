package org.keyrotation.routes.publish;

import static java.util.Objects.requireNonNull;

import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.jspecify.annotations.Nullable;
import org.keyrotation.model.CredentialId;
import org.keyrotation.model.RotationEvent;
import org.keyrotation.routes.RotationOutcome;
import org.keyrotation.routes.kafka.KafkaHeaders;

/** CloudEvents binary mode: the event is the body, its attributes are the headers. Of the other headers only the topic stays. */
final class CloudEvent {

    private static final String SOURCE = "urn:org.keyrotation:key-rotation";

    private CloudEvent() {}

    static void setHeaders(Exchange exchange) {
        Message message = exchange.getMessage();
        RotationEvent event = requireNonNull(event(Publishable.outcomeOf(exchange)));
        message.setBody(event);
        message.removeHeaders("*", KafkaHeaders.OVERRIDE_TOPIC);
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

    /** Returns null for a deferred request, and for one that was settled before. */
    static @Nullable RotationEvent event(@Nullable RotationOutcome outcome) {
        if (outcome instanceof RotationOutcome.Rotated rotated) {
            return rotated.event();
        }
        if (outcome instanceof RotationOutcome.Failed failed) {
            return failed.event();
        }
        return outcome instanceof RotationOutcome.Satisfied satisfied ? satisfied.event() : null;
    }
}
