package org.keyrotation.routes.retry;

import static java.util.Objects.requireNonNull;

import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.keyrotation.routes.kafka.KafkaHeaders;
import org.keyrotation.routes.publish.Concluded;
import org.keyrotation.routes.publish.Outcome;
import org.keyrotation.routes.publish.PublishSettings;

/** Makes a deferred request a record of its retry topic: keyed as it was, with what it is to bring back. */
public final class RetryRecord {

    private final PublishSettings settings;

    public RetryRecord(PublishSettings settings) {
        this.settings = settings;
    }

    public void address(Exchange exchange) {
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
