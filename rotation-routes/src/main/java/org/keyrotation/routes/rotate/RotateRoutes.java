package org.keyrotation.routes.rotate;

import static org.apache.camel.builder.AggregationStrategies.useOriginal;
import static org.keyrotation.routes.api.ManagementApiRoutes.GENERATE_CLIENT_KEY;
import static org.keyrotation.routes.api.ManagementApiRoutes.READ_CREDENTIAL;
import static org.keyrotation.routes.publish.PublishRoutes.PUBLISH_OUTCOME;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import org.apache.camel.builder.endpoint.EndpointRouteBuilder;
import org.apache.camel.model.OnExceptionDefinition;
import org.keyrotation.routes.api.ApiSettings;

/** Brings a request to its outcome, and tells it. */
public final class RotateRoutes extends EndpointRouteBuilder {

    /** Body in: a {@link Rotation}. Body out: the same one, with its event, which is published and acknowledged. */
    public static final String ROTATE = "rotation-rotate";

    /** At most, before a request is given up. */
    static final int QUICK_TRIES = 4;

    private static final String ATTEMPT = "rotation-attempt";
    private static final String TELL = "rotation-tell-outcome";
    private static final int CALLS_A_TRY = 3;

    private final Outcomes outcomes;
    private final ReadBack readBack;
    private final Attempts attempts;
    private final Clock clock;
    private final MeterRegistry meters;

    public RotateRoutes(RotateSettings settings, Clock clock, MeterRegistry meters) {
        this.outcomes = new Outcomes(settings, clock);
        this.readBack = new ReadBack(settings.readBack());
        this.attempts = new Attempts(readBack);
        this.clock = clock;
        this.meters = meters;
    }

    /** How long one rotation can hold its thread, apart from publishing. */
    public static Duration longestRotation(ApiSettings api) {
        Duration call = api.connectTimeout().plus(api.responseTimeout().multipliedBy(2));
        return call.multipliedBy(CALLS_A_TRY * QUICK_TRIES)
                .plus(Attempts.LONGEST_QUICK_WAIT.multipliedBy(QUICK_TRIES - 1))
                .plusMinutes(5);
    }

    @Override
    public void configure() {
        anotherTryWhileTheApiIsUnavailable();
        rotate();
        attempt();
        tellOutcome();
    }

    /** The last try leaves its answer as it is, so what is not tried again is a rotation that a stop cut short: not done. */
    private void anotherTryWhileTheApiIsUnavailable() {
        OnExceptionDefinition policy = onException(WorthAnotherTryException.class);
        policy.maximumRedeliveries(QUICK_TRIES - 1)
                .redeliveryDelay(200)
                .useExponentialBackOff()
                .backOffMultiplier(4)
                .useCollisionAvoidance()
                .collisionAvoidancePercent(50)
                .onRedelivery(Attempts::tryAgain);
        // Not on the error handler: an exception's own policy would overrule it with Camel's default.
        policy.getRedeliveryPolicyType().allowRedeliveryWhileStopping(false);
    }

    private void rotate() {
        from(direct(ROTATE))
                .routeId("rotate")
                .description("Rotates one client key and publishes the outcome")
                .policy(new OneAtATimePerCredential())
                .removeHeaders("CamelRedeliver*")
                .transform()
                .body(Rotation.class, outcomes::start)
                .to(direct(ATTEMPT))
                .id("attempt-with-quick-tries")
                .transform()
                .body(Rotation.class, outcomes::settle)
                .enrich(direct(TELL), useOriginal())
                .id("tell-and-keep")
                .process(new RequestToKey(meters, clock));
    }

    private void attempt() {
        from(direct(ATTEMPT))
                .errorHandler(noErrorHandler())
                .routeId("attempt-rotation")
                .description("Generates a key once, reading the credential before it, and after a lost answer")
                .filter(readBack::isDueBefore)
                .enrich(direct(READ_CREDENTIAL), ReadBack::learn)
                .end()
                .filter(readBack::mayCall)
                .enrich(direct(GENERATE_CLIENT_KEY), Attempts::called)
                .end()
                .filter(readBack::isDueAfter)
                .enrich(direct(READ_CREDENTIAL), ReadBack::learn)
                .end()
                .process(attempts::judge);
    }

    private void tellOutcome() {
        from(direct(TELL))
                .errorHandler(noErrorHandler())
                .routeId("tell-outcome")
                .description("Hands the outcome over to be published")
                .transform()
                .body(Rotation.class, Rotation::event)
                .to(direct(PUBLISH_OUTCOME))
                .id("publish");
    }
}
