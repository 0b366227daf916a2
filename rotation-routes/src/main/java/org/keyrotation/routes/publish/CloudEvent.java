package org.keyrotation.routes.publish;

import static java.util.Objects.requireNonNull;

import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.keyrotation.model.CredentialId;
import org.keyrotation.model.RotationEvent;
import org.keyrotation.routes.kafka.KafkaHeaders;

/** An outcome as an event: with the headers that CloudEvents asks for, and none that the message came with. */
final class CloudEvent {

    private static final String SOURCE = "urn:org.keyrotation:key-rotation";

    private CloudEvent() {}

    static void address(Exchange exchange) {
        Message message = exchange.getMessage();
        RotationEvent event = ((Outcome.Told) requireNonNull(Concluded.outcomeOf(exchange))).event();
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
            message.setHeader("ce_subject", credential.toString());
            message.setHeader(KafkaHeaders.KEY, credential.toString());
        }
    }
}
