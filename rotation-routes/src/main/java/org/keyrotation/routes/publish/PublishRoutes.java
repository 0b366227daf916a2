package org.keyrotation.routes.publish;

import static org.apache.camel.builder.AggregationStrategies.useOriginal;
import static org.keyrotation.routes.publish.AcknowledgedTopic.acknowledged;

import io.micrometer.core.instrument.MeterRegistry;
import org.apache.camel.LoggingLevel;
import org.apache.camel.builder.endpoint.EndpointRouteBuilder;
import org.apache.camel.component.jackson.JacksonDataFormat;
import org.apache.camel.model.OnExceptionDefinition;
import org.keyrotation.model.ClientKeyRotated;
import org.keyrotation.model.Json;
import org.keyrotation.model.RotationEvent;

/** Publishes outcomes. It does not give one up: a key that nobody hears of takes a checkout down. */
public final class PublishRoutes extends EndpointRouteBuilder {

    /** Body in and out: a {@link RotationEvent}, which is acknowledged once this returns. */
    public static final String PUBLISH_OUTCOME = "rotation-publish-outcome";

    private static final String PUBLISH_KEY = "rotation-publish-client-key";
    private static final String PUBLISH_FAILURE = "rotation-publish-failure";

    private final PublishSettings settings;
    private final MeterRegistry meters;

    public PublishRoutes(PublishSettings settings, MeterRegistry meters) {
        this.settings = settings;
        this.meters = meters;
    }

    @Override
    public void configure() {
        tryUntilAcknowledged();
        publishOutcome();
        publish(PUBLISH_KEY, "publish-client-key", settings.keysTopic());
        publish(PUBLISH_FAILURE, "publish-failure", settings.failuresTopic());
    }

    private void tryUntilAcknowledged() {
        OnExceptionDefinition policy = onException(Exception.class);
        policy.maximumRedeliveries(-1)
                .redeliveryDelay(1_000)
                .useExponentialBackOff()
                .backOffMultiplier(2)
                .maximumRedeliveryDelay(30_000)
                .retryAttemptedLogLevel(LoggingLevel.WARN)
                .logRetryStackTrace(false);
        // Not on the error handler: an exception's own policy would overrule it with Camel's default.
        policy.getRedeliveryPolicyType().allowRedeliveryWhileStopping(false);
    }

    private void publishOutcome() {
        from(direct(PUBLISH_OUTCOME))
                .routeId("publish-outcome")
                .description("Publishes a key or a failure, and counts it")
                .choice()
                .when(body().isInstanceOf(ClientKeyRotated.class))
                .enrich(direct(PUBLISH_KEY), useOriginal())
                .otherwise()
                .enrich(direct(PUBLISH_FAILURE), useOriginal())
                .end()
                .process(new OutcomeMeters(meters));
    }

    private void publish(String door, String routeId, String topic) {
        from(direct(door))
                .routeId(routeId)
                .description("Publishes to the topic " + topic)
                .process(CloudEvent::address)
                .id("address-" + routeId)
                .marshal(new JacksonDataFormat(Json.mapper(), RotationEvent.class))
                .to(acknowledged(topic))
                .id("send-" + routeId);
    }
}
