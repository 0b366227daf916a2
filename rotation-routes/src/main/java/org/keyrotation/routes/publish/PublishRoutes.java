package org.keyrotation.routes.publish;

import static java.util.Objects.requireNonNull;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.BooleanSupplier;
import org.apache.camel.Exchange;
import org.apache.camel.LoggingLevel;
import org.apache.camel.component.jackson.JacksonDataFormat;
import org.apache.camel.model.OnExceptionDefinition;
import org.jspecify.annotations.Nullable;
import org.keyrotation.model.ClientKeyRotated;
import org.keyrotation.model.Json;
import org.keyrotation.model.RotationEvent;
import org.keyrotation.model.RotationFailed;
import org.keyrotation.model.RotationRequest;
import org.keyrotation.routes.camel.Prefix;
import org.keyrotation.routes.camel.PrefixedRoutes;
import org.keyrotation.routes.camel.SwitchThread;
import org.keyrotation.routes.camel.ThreadPools;
import org.keyrotation.routes.kafka.TopicProducer;
import org.keyrotation.routes.retry.RetryRecord;

/**
 * Publishes outcomes, and hands them on. It does not give one up, a key that nobody hears of takes a checkout down, unless the right to
 * publish it is lost.
 */
public final class PublishRoutes extends PrefixedRoutes {

    /**
     * Body in and out: something {@link Concluded}, whose outcome is acknowledged where {@link TopicProducer#check} then
     * says so.
     */
    public static final String PUBLISH_OUTCOME = "publish-outcome";

    /** Exchange property: a {@link BooleanSupplier}, whether it may still be published. */
    public static final String AS_LONG_AS = "rotation.publish.as-long-as";

    private static final String PUBLISH_KEY = "publish-client-key";
    private static final String PUBLISH_FAILURE = "publish-failure";
    private static final String DEFER = "defer-request";
    private static final String HAND_ON = "hand-on-outcome";

    private final PublishSettings settings;
    private final @Nullable Handler handler;
    private final MeterRegistry meters;
    private final ThreadPools threads;

    /** What else happens with an outcome. */
    @FunctionalInterface
    public interface Handler {
        /** It is told again where this throws. */
        void handle(Outcome outcome) throws Exception;
    }

    public PublishRoutes(
            Prefix prefix,
            PublishSettings settings,
            @Nullable Handler handler,
            MeterRegistry meters,
            ThreadPools threads) {
        super(prefix);
        this.threads = threads;
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
        if (handler != null) {
            handOn(handler);
        }
    }

    /** What is tried again goes on elsewhere where it may block. */
    private void tryUntilAcknowledged() {
        errorHandler(defaultErrorHandler().executorService(threads.redelivery()));
        OnExceptionDefinition policy = onException(Exception.class);
        policy.retryWhile(PublishRoutes::mayBePublished)
                .asyncDelayedRedelivery()
                .redeliveryDelay(1_000)
                .useExponentialBackOff()
                .backOffMultiplier(2)
                .maximumRedeliveryDelay(8_000) // a stop waits for it
                .onRedelivery(PublishRoutes::tryAgain)
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
                .process(PublishRoutes::anew)
                .choice()
                .when(this::isKey)
                .enrich(direct(PUBLISH_KEY), TopicProducer::proven)
                .when(this::isFailure)
                .enrich(direct(PUBLISH_FAILURE), TopicProducer::proven)
                .when(this::isDeferral)
                .enrich(direct(DEFER), TopicProducer::proven)
                .id("defer-request")
                .otherwise()
                .process(TopicProducer::noteThatNothingIsLeft)
                .end()
                .filter(exchange -> handler != null)
                .process(TopicProducer::forget)
                .enrich(direct(HAND_ON), TopicProducer::proven)
                .id("hand-on-outcome")
                .end()
                .process(new OutcomeMeters(meters));
    }

    private void handOn(Handler application) {
        from(direct(HAND_ON))
                .errorHandler(noErrorHandler())
                .routeId("hand-on-to-application")
                .description("Hands the outcome on to the application")
                .process(new SwitchThread(threads.waiting()))
                .process(PublishRoutes::beforeTelling)
                .process(exchange -> application.handle(requireNonNull(Concluded.outcomeOf(exchange))))
                .id("take-over")
                .process(TopicProducer::noteThatNothingIsLeft);
    }

    private void defer() {
        TopicProducer retries = new TopicProducer(settings.retries().get(0).name(), threads);
        from(direct(DEFER))
                .errorHandler(noErrorHandler())
                .routeId("defer")
                .description("Puts a request onto the retry topic that is next for it")
                .process(new SwitchThread(threads.waiting()))
                .process(PublishRoutes::beforeTelling)
                .process(new RetryRecord(settings)::address)
                .marshal(new JacksonDataFormat(Json.mapper(), RotationRequest.class))
                .to(retries.endpoint())
                .id("send-deferred")
                .process(retries::note);
    }

    private void publish(String door, String routeId, String name) {
        TopicProducer topic = new TopicProducer(name, threads);
        from(direct(door))
                .errorHandler(noErrorHandler())
                .routeId(routeId)
                .description("Publishes to the topic " + name)
                .process(topic.whereItMayBlock())
                .process(PublishRoutes::beforeTelling)
                .process(CloudEvent::address)
                .id("address-" + routeId)
                .marshal(new JacksonDataFormat(Json.mapper(), RotationEvent.class))
                .to(topic.endpoint())
                .id("send-" + routeId)
                .process(topic::note);
    }

    /** Neither tries nor proofs of what was done before count for what is published now. */
    private static void anew(Exchange exchange) {
        exchange.getMessage().removeHeaders("CamelRedeliver*");
        TopicProducer.forget(exchange);
    }

    /** Without the failure before: Camel would hang each onto the next, and that may go on for days. */
    private static void tryAgain(Exchange exchange) {
        ThreadPools.unlessItIsStopped(exchange);
        exchange.removeProperty(Exchange.EXCEPTION_CAUGHT);
    }

    private boolean isKey(Exchange exchange) {
        return settings.enabled()
                && Concluded.outcomeOf(exchange) instanceof Outcome.Told told
                && told.event() instanceof ClientKeyRotated;
    }

    private boolean isFailure(Exchange exchange) {
        return settings.enabled()
                && Concluded.outcomeOf(exchange) instanceof Outcome.Told told
                && told.event() instanceof RotationFailed;
    }

    private boolean isDeferral(Exchange exchange) {
        return settings.defers() && Concluded.outcomeOf(exchange) instanceof Outcome.Deferred;
    }

    /** Each time, however long it has waited. */
    private static void beforeTelling(Exchange exchange) {
        if (!mayBePublished(exchange)) {
            throw new IllegalStateException("This outcome is another instance's to publish by now");
        }
    }

    private static boolean mayBePublished(Exchange exchange) {
        BooleanSupplier asLongAs = exchange.getProperty(AS_LONG_AS, BooleanSupplier.class);
        return asLongAs == null || asLongAs.getAsBoolean();
    }
}
