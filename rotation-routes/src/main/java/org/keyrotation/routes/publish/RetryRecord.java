package org.keyrotation.routes.publish;

import static java.util.Objects.requireNonNull;

import org.apache.camel.Exchange;
import org.apache.camel.Message;

/** Makes a deferred request a record of its retry topic: keyed as it was, with what it is to bring back. */
final class RetryRecord {

    private final PublishSettings settings;

    RetryRecord(PublishSettings settings) {
        this.settings = settings;
    }

    void address(Exchange exchange) {
        Message message = exchange.getMessage();
        Outcome.Deferred deferred = (Outcome.Deferred) requireNonNull(Concluded.outcomeOf(exchange));
        message.removeHeaders("*");
        message.setHeaders(deferred.deferral().headers());
        message.setHeader(KafkaHeaders.KEY, deferred.request().credential().toString());
        message.setHeader(
                KafkaHeaders.OVERRIDE_TOPIC,
                settings.retry(deferred.deferral().count()).name());
        message.setBody(deferred.request());
    }
}
