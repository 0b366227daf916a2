package org.keyrotation.routes.publish;

import static org.keyrotation.routes.publish.AcknowledgedTopic.acknowledged;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.BooleanSupplier;
import org.apache.camel.Exchange;
import org.apache.camel.LoggingLevel;
import org.apache.camel.component.jackson.JacksonDataFormat;
import org.apache.camel.model.OnExceptionDefinition;
import org.keyrotation.model.ClientKeyRotated;
import org.keyrotation.model.Json;
import org.keyrotation.model.RotationEvent;
import org.keyrotation.model.RotationFailed;
import org.keyrotation.model.RotationRequest;
import org.keyrotation.routes.prefix.Prefix;
import org.keyrotation.routes.prefix.PrefixedRoutes;

/**
 * Publishes outcomes, and hands them on. It does not give one up, a key that nobody hears of takes a checkout down, unless the right to
 * publish it is lost.
 */
public final class PublishRoutes extends PrefixedRoutes {

    /** Body in and out: an {@link Outcome}, which is acknowledged once this returns. */
    public static final String PUBLISH_OUTCOME = "publish-outcome";

    /** Exchange property: a {@link BooleanSupplier}, whether it may still be published. */
    public static final String AS_LONG_AS = "rotation.publish.as-long-as";

    private static final String PUBLISH_KEY = "publish-client-key";
    private static final String PUBLISH_FAILURE = "publish-failure";
    private static final String DEFER = "defer-request";

    private final PublishSettings settings;
    private final Handler handler;
    private final MeterRegistry meters;

    /** What else happens with an outcome. */
    @FunctionalInterface
    public interface Handler {
        /** It is told again where this throws. */
        void handle(Outcome outcome) throws Exception;
    }

    public PublishRoutes(Prefix prefix, PublishSettings settings, Handler handler, MeterRegistry meters) {
        super(prefix);
        this.settings = settings;
        this.handler = handler;
        this.meters = meters;
    }

    @Override
    protected void routes() {
        tryUntilAcknowledged();
        publishOutcome();
        publish(PUBLISH_KEY, "publish-client-key", settings.keysTopic());
        publish(PUBLISH_FAILURE, "publish-failure", settings.failuresTopic());
        defer();
    }

    private void tryUntilAcknowledged() {
        OnExceptionDefinition policy = onException(Exception.class);
        policy.retryWhile(PublishRoutes::mayBePublished)
                .redeliveryDelay(1_000)
                .useExponentialBackOff()
                .backOffMultiplier(2)
                .maximumRedeliveryDelay(30_000)
                .retryAttemptedLogLevel(LoggingLevel.WARN)
                .logRetryStackTrace(false)
                .logExhausted(false); // whoever asked is told
        // Not on the error handler: an exception's own policy would overrule it with Camel's default.
        policy.getRedeliveryPolicyType().allowRedeliveryWhileStopping(false);
    }

    private void publishOutcome() {
        from(direct(PUBLISH_OUTCOME))
                .routeId("publish")
                .description("Publishes a key, a failure or a deferral, hands it on, and counts it")
                .choice()
                .when(this::isKey)
                .enrich(direct(PUBLISH_KEY), AcknowledgedTopic::proven)
                .when(this::isFailure)
                .enrich(direct(PUBLISH_FAILURE), AcknowledgedTopic::proven)
                .when(this::isDeferral)
                .enrich(direct(DEFER), AcknowledgedTopic::proven)
                .id("defer-request")
                .otherwise()
                .process(AcknowledgedTopic::noteThatNothingIsDue)
                .end()
                .process(this::handOn)
                .id("hand-on-outcome")
                .process(new OutcomeMeters(meters));
    }

    private void defer() {
        from(direct(DEFER))
                .routeId("defer")
                .description("Puts a request onto the retry topic that is next for it")
                .process(PublishRoutes::checkThatItMayBePublished)
                .process(new RetryRecord(settings)::address)
                .marshal(new JacksonDataFormat(Json.mapper(), RotationRequest.class))
                .to(acknowledged(settings.retries().get(0).name()))
                .id("send-deferred")
                .process(AcknowledgedTopic::note);
    }

    private void publish(String door, String routeId, String topic) {
        from(direct(door))
                .routeId(routeId)
                .description("Publishes to the topic " + topic)
                .process(PublishRoutes::checkThatItMayBePublished)
                .transform()
                .body(Outcome.Told.class, Outcome.Told::event)
                .process(CloudEvent::address)
                .id("address-" + routeId)
                .marshal(new JacksonDataFormat(Json.mapper(), RotationEvent.class))
                .to(acknowledged(topic))
                .id("send-" + routeId)
                .process(AcknowledgedTopic::note);
    }

    private boolean isKey(Exchange exchange) {
        return settings.enabled()
                && exchange.getMessage().getBody() instanceof Outcome.Told told
                && told.event() instanceof ClientKeyRotated;
    }

    private boolean isFailure(Exchange exchange) {
        return settings.enabled()
                && exchange.getMessage().getBody() instanceof Outcome.Told told
                && told.event() instanceof RotationFailed;
    }

    private boolean isDeferral(Exchange exchange) {
        return settings.defers() && exchange.getMessage().getBody() instanceof Outcome.Deferred;
    }

    private void handOn(Exchange exchange) throws Exception {
        checkThatItMayBePublished(exchange);
        handler.handle(exchange.getMessage().getBody(Outcome.class));
    }

    private static void checkThatItMayBePublished(Exchange exchange) {
        if (!mayBePublished(exchange)) {
            throw new IllegalStateException("This outcome is another instance's to publish by now");
        }
    }

    private static boolean mayBePublished(Exchange exchange) {
        BooleanSupplier asLongAs = exchange.getProperty(AS_LONG_AS, BooleanSupplier.class);
        return asLongAs == null || asLongAs.getAsBoolean();
    }
}
