package org.keyrotation.routes.publish;

import static java.util.Objects.requireNonNull;
import static org.keyrotation.routes.retry.RetryRoutes.DEFER_REQUEST;

import io.micrometer.core.instrument.MeterRegistry;
import org.apache.camel.Exchange;
import org.apache.camel.component.jackson.JacksonDataFormat;
import org.apache.camel.model.OnExceptionDefinition;
import org.jspecify.annotations.Nullable;
import org.keyrotation.model.Json;
import org.keyrotation.model.RotationEvent;
import org.keyrotation.routes.OutcomeHandler;
import org.keyrotation.routes.RotationOutcome;
import org.keyrotation.routes.camel.FutureProcessor;
import org.keyrotation.routes.camel.Prefix;
import org.keyrotation.routes.camel.PrefixedRoutes;
import org.keyrotation.routes.camel.RepeatedWarning;
import org.keyrotation.routes.camel.SwitchThread;
import org.keyrotation.routes.camel.ThreadPools;
import org.keyrotation.routes.kafka.PartitionOwnership;
import org.keyrotation.routes.kafka.TopicProducer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Routes that publish an outcome and pass it to the application. They retry until Kafka acknowledges it or the partition has
 * another owner: a key that no consumer receives takes a checkout down.
 */
public final class PublishRoutes extends PrefixedRoutes {

    /** Body in and out: a {@link Publishable}. The exchange is marked acknowledged, see {@link TopicProducer}. */
    public static final String PUBLISH_OUTCOME = "publish-outcome";

    private static final String PUBLISH_KEY = "publish-client-key";
    private static final String PUBLISH_FAILURE = "publish-failure";
    private static final String PUBLISH_SATISFIED = "publish-satisfied";
    private static final String CALL_OUTCOME_HANDLER = "call-outcome-handler";

    private static final Logger LOG = LoggerFactory.getLogger(PublishRoutes.class);

    private final RepeatedWarning unpublished = new RepeatedWarning();
    private final PublishSettings settings;
    private final @Nullable OutcomeHandler handler;
    private final MeterRegistry meters;
    private final ThreadPools pools;

    public PublishRoutes(
            Prefix prefix,
            PublishSettings settings,
            @Nullable OutcomeHandler handler,
            MeterRegistry meters,
            ThreadPools pools) {
        super(prefix);
        this.settings = settings;
        this.handler = handler;
        this.meters = meters;
        this.pools = pools;
    }

    @Override
    protected void routes() {
        retryUntilAcknowledged();
        publishOutcome();
        publish(PUBLISH_KEY, settings.keysTopic());
        publish(PUBLISH_FAILURE, settings.failuresTopic());
        publish(PUBLISH_SATISFIED, settings.satisfiedTopic());
        if (handler != null) {
            callOutcomeHandler(handler);
        }
    }

    private void retryUntilAcknowledged() {
        OnExceptionDefinition policy = onException(Exception.class);
        policy.retryWhile(PublishRoutes::isOwnershipHeld)
                .asyncDelayedRedelivery()
                .redeliveryDelay(1_000)
                .useExponentialBackOff()
                .backOffMultiplier(2)
                .maximumRedeliveryDelay(8_000) // shutdown waits for a pending redelivery
                .onRedelivery(this::beforeRedelivery)
                .logRetryAttempted(false)
                .logExhausted(false); // the caller reports it
        forbidRedeliveryWhileStopping(policy);
    }

    // spotless:off
    private void publishOutcome() {
        from(direct(PUBLISH_OUTCOME)).routeId("publish").errorHandler(redeliveryOn(pools))
            .description("Publishes a key, a failure, a satisfied request or a deferral, passes the outcome to the application, and counts it")
            .process(PublishRoutes::clearPreviousAttempts)
            .choice()
                .when(this::isRotated)
                    .enrich(direct(PUBLISH_KEY), TopicProducer::copyAcknowledged, true)
                .when(this::isFailed)
                    .enrich(direct(PUBLISH_FAILURE), TopicProducer::copyAcknowledged, true)
                .when(this::isSatisfied)
                    .enrich(direct(PUBLISH_SATISFIED), TopicProducer::copyAcknowledged, true)
                .when(this::isDeferred)
                    .enrich(direct(DEFER_REQUEST), TopicProducer::copyAcknowledged, true).id("defer-request")
                .otherwise()
                    .process(TopicProducer::markNothingToSend)
            .end()
            .filter(exchange -> handler != null)
                .process(TopicProducer::clearAcknowledged) // the handler's route sets it again
                .enrich(direct(CALL_OUTCOME_HANDLER), TopicProducer::copyAcknowledged, true).id("pass-to-application")
            .end()
            .process(new OutcomeMeters(meters));
    }

    private void publish(String name, String topic) {
        TopicProducer producer = new TopicProducer(getContext(), topic, pools);
        from(direct(name)).routeId(name)
            .description("Publishes to the topic " + topic)
            .process(producer.selectThread())
            .process(confirmOwnership())
            .process(CloudEvent::setHeaders).id("address-" + name)
            .marshal(new JacksonDataFormat(Json.mapper(), RotationEvent.class))
            .to(producer.endpoint()).id("send-" + name)
            .process(producer::markAcknowledged);
    }

    private void callOutcomeHandler(OutcomeHandler outcomeHandler) {
        from(direct(CALL_OUTCOME_HANDLER)).routeId(CALL_OUTCOME_HANDLER)
            .description("Passes the outcome to the application's OutcomeHandler")
            .process(new SwitchThread(pools.blocking()))
            .process(confirmOwnership())
            .process(exchange -> outcomeHandler.handle(requireNonNull(Publishable.outcomeOf(exchange)))).id("handle-outcome")
            .process(TopicProducer::markNothingToSend);
    }
    // spotless:on

    /** Removes the redelivery headers and acknowledgements of earlier steps. */
    private static void clearPreviousAttempts(Exchange exchange) {
        exchange.getMessage().removeHeaders("CamelRedeliver*");
        TopicProducer.clearAcknowledged(exchange);
    }

    /** Camel chains each exception to the previous one, and retries may go on for days: drop the previous one. */
    private void beforeRedelivery(Exchange exchange) {
        ThreadPools.stopIfShuttingDown(exchange);
        Exception failure = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class);
        exchange.removeProperty(Exchange.EXCEPTION_CAUGHT);
        LOG.atLevel(unpublished.level(failure)).log("Failed to publish an outcome, will retry: {}", failure.toString());
    }

    private boolean isRotated(Exchange exchange) {
        return settings.enabled() && Publishable.outcomeOf(exchange) instanceof RotationOutcome.Rotated;
    }

    private boolean isFailed(Exchange exchange) {
        return settings.enabled() && Publishable.outcomeOf(exchange) instanceof RotationOutcome.Failed;
    }

    /** Not a request that was settled before: it has its event. */
    private boolean isSatisfied(Exchange exchange) {
        return settings.enabled()
                && Publishable.outcomeOf(exchange) instanceof RotationOutcome.Satisfied satisfied
                && satisfied.event() != null;
    }

    private boolean isDeferred(Exchange exchange) {
        return settings.isDeferring() && Publishable.outcomeOf(exchange) instanceof RotationOutcome.Deferred;
    }

    /** Confirms the ownership at each attempt, which may have waited long for a thread. */
    private static FutureProcessor<Publishable> confirmOwnership() {
        return new FutureProcessor<>(
                Publishable.class,
                outcome -> outcome.ownership().confirmHeld("publishing").thenApply(confirmed -> outcome));
    }

    private static boolean isOwnershipHeld(Exchange exchange) {
        return ownership(exchange).isHeld();
    }

    private static PartitionOwnership ownership(Exchange exchange) {
        return exchange.getMessage().getBody(Publishable.class).ownership();
    }
}
