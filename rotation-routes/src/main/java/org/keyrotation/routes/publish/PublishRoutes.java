package org.keyrotation.routes.publish;

import static java.util.Objects.requireNonNull;
import static org.keyrotation.routes.retry.RetryRoutes.DEFER_REQUEST;

import io.micrometer.core.instrument.MeterRegistry;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.component.jackson.JacksonDataFormat;
import org.apache.camel.model.OnExceptionDefinition;
import org.apache.camel.model.RouteDefinition;
import org.apache.kafka.clients.producer.RecordMetadata;
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
import org.keyrotation.routes.kafka.KafkaHeaders;
import org.keyrotation.routes.kafka.OwnershipLostException;
import org.keyrotation.routes.kafka.ProcessAgainException;
import org.keyrotation.routes.kafka.TopicProducer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Routes that publish an outcome and pass it to the application. They retry until Kafka acknowledges it or the partition has
 * another owner: a key that no consumer receives takes a checkout down.
 */
public final class PublishRoutes extends PrefixedRoutes {

    /** Body in and out: a {@link Publishable}. Kafka has acknowledged its outcome. */
    public static final String PUBLISH_OUTCOME = "publish-outcome";

    private static final String SEND_OUTCOME = "send-outcome";
    private static final String CALL_OUTCOME_HANDLER = "call-outcome-handler";

    /** Exchange variable: Kafka's acknowledgement. The body stays the {@link Publishable}. */
    private static final String ACKNOWLEDGEMENT = "acknowledgement";

    /** The acknowledgement of an outcome without an event. */
    private static final Object NOTHING_TO_SEND = new Object();

    private static final int UNLIMITED = -1;

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
        sendOutcome();
        if (handler != null) {
            callOutcomeHandler(handler);
        }
    }

    private void retryUntilAcknowledged() {
        OnExceptionDefinition policy = onException(Exception.class);
        policy.maximumRedeliveries(UNLIMITED)
                .asyncDelayedRedelivery()
                .redeliveryDelay(1_000)
                .useExponentialBackOff()
                .backOffMultiplier(2)
                .maximumRedeliveryDelay(8_000) // shutdown waits for a pending redelivery
                .onRedelivery(this::beforeRedelivery)
                .logRetryAttempted(false)
                .logExhausted(false); // the caller reports it
        forbidRedeliveryWhileStopping(policy);
        // each attempt confirms the ownership
        onException(OwnershipLostException.class, ProcessAgainException.class)
                .maximumRedeliveries(0)
                .logExhausted(false);
    }

    // spotless:off
    private void publishOutcome() {
        RouteDefinition publish = from(direct(PUBLISH_OUTCOME)).routeId("publish").errorHandler(redeliveryOn(pools))
            .description("Publishes a key, a failure, a satisfied request or a deferral, passes the outcome to the application, and counts it")
            .toV(directUri(SEND_OUTCOME), null, ACKNOWLEDGEMENT).id("send-until-acknowledged");
        if (handler != null) {
            publish.to(direct(CALL_OUTCOME_HANDLER)).id("pass-to-application");
        }
        publish.process(new OutcomeMeters(meters));
    }

    private void sendOutcome() {
        TopicProducer producer = new TopicProducer(getContext(), settings.keysTopic(), pools);
        from(direct(SEND_OUTCOME)).routeId(SEND_OUTCOME)
            .description("Sends an outcome to its topic: an event, or a request that is to be retried")
            .choice()
                .when(this::hasEvent)
                    .setHeader(KafkaHeaders.OVERRIDE_TOPIC).exchange(this::topicOf)
                    .process(producer.selectThread())
                    .process(confirmOwnership())
                    .process(CloudEvent::setHeaders).id("address-event")
                    .marshal(new JacksonDataFormat(Json.mapper(), RotationEvent.class))
                    .to(producer.endpoint()).id("send-event")
                    .process(producer::requireAcknowledged)
                .when(this::isDeferred)
                    .to(direct(DEFER_REQUEST)).id("defer-request")
                .otherwise()
                    .setBody(exchange -> NOTHING_TO_SEND);
    }

    private void callOutcomeHandler(OutcomeHandler outcomeHandler) {
        from(direct(CALL_OUTCOME_HANDLER)).routeId(CALL_OUTCOME_HANDLER)
            .description("Passes the outcome to the application's OutcomeHandler")
            .process(new SwitchThread(pools.blocking()))
            .process(confirmOwnership())
            .process(exchange -> outcomeHandler.handle(requireNonNull(Publishable.outcomeOf(exchange)))).id("handle-outcome");
    }
    // spotless:on

    /**
     * Checks that the outcome is acknowledged, or has nothing to send: an application can skip what is sent to an endpoint. The
     * body then knows where its event is.
     *
     * @throws IllegalStateException if it is not
     */
    public static void requirePublished(Exchange exchange) {
        Object acknowledgement = exchange.getVariable(ACKNOWLEDGEMENT);
        if (acknowledgement instanceof RecordMetadata metadata) {
            Message message = exchange.getMessage();
            message.setBody(message.getBody(Publishable.class).publishedAt(metadata));
        } else if (acknowledgement != NOTHING_TO_SEND) {
            throw new IllegalStateException("Kafka did not acknowledge the outcome");
        }
    }

    /** Camel chains each exception to the previous one, and retries may go on for days: drop the previous one. */
    private void beforeRedelivery(Exchange exchange) {
        ThreadPools.stopIfShuttingDown(exchange);
        Exception failure = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class);
        exchange.removeProperty(Exchange.EXCEPTION_CAUGHT);
        LOG.atLevel(unpublished.level(failure)).log("Failed to publish an outcome, will retry: {}", failure.toString());
    }

    private boolean hasEvent(Exchange exchange) {
        return settings.enabled() && CloudEvent.event(Publishable.outcomeOf(exchange)) != null;
    }

    private String topicOf(Exchange exchange) {
        return settings.topicOf(requireNonNull(Publishable.outcomeOf(exchange)));
    }

    private boolean isDeferred(Exchange exchange) {
        return settings.isDeferring() && Publishable.outcomeOf(exchange) instanceof RotationOutcome.Deferred;
    }

    /** Confirms the ownership at each attempt, which may have waited long for a thread. What follows may block. */
    private FutureProcessor<Publishable> confirmOwnership() {
        return new FutureProcessor<>(
                Publishable.class,
                outcome -> outcome.ownership().confirmHeld("publishing").thenApply(confirmed -> outcome),
                pools.blocking());
    }
}
