package org.keyrotation.routes.rotate;

import static org.keyrotation.routes.api.ManagementApiRoutes.GENERATE_CLIENT_KEY;
import static org.keyrotation.routes.api.ManagementApiRoutes.READ_CREDENTIAL;
import static org.keyrotation.routes.publish.PublishRoutes.PUBLISH_OUTCOME;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import org.apache.camel.model.OnExceptionDefinition;
import org.keyrotation.routes.api.CallWithdrawnException;
import org.keyrotation.routes.ledger.Ledger;
import org.keyrotation.routes.prefix.Prefix;
import org.keyrotation.routes.prefix.PrefixedRoutes;
import org.keyrotation.routes.publish.AcknowledgedTopic;

/** Brings a request to its outcome, and tells it. */
public final class RotateRoutes extends PrefixedRoutes {

    /** Body in: a {@link Rotation}. Body out: the same one, with its outcome, which is published and acknowledged. */
    public static final String ROTATE = "rotate";

    /** At most, before a request is deferred. */
    static final int QUICK_TRIES = 4;

    private static final String ATTEMPT = "attempt";
    private static final String GENERATE = "generate";
    private static final String CONCLUDE = "conclude";
    private static final String TELL = "tell-outcome";

    private final Bookkeeping books;
    private final Outcomes outcomes;
    private final ReadBack readBack;
    private final Attempts attempts;
    private final RequestToKey requestToKey;

    public RotateRoutes(Prefix prefix, RotateSettings settings, Ledger ledger, Clock clock, MeterRegistry meters) {
        super(prefix);
        this.books = new Bookkeeping(ledger, clock);
        this.outcomes = new Outcomes(prefix, settings, books, clock);
        this.readBack = new ReadBack(settings.readBack());
        this.attempts = new Attempts(readBack);
        this.requestToKey = new RequestToKey(meters, clock);
    }

    @Override
    protected void routes() {
        anotherTryWhileTheApiIsUnavailable();
        leaveItToWhoeverHasItNow();
        rotate();
        attempt();
        generate();
        conclude();
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
                .onRedelivery(Attempts::tryAgain)
                .logExhausted(false);
        // Not on the error handler: an exception's own policy would overrule it with Camel's default.
        policy.getRedeliveryPolicyType().allowRedeliveryWhileStopping(false);
    }

    private void leaveItToWhoeverHasItNow() {
        onException(CallWithdrawnException.class).maximumRedeliveries(0).logExhausted(false);
    }

    private void rotate() {
        from(direct(ROTATE))
                .routeId("rotate")
                .description("Brings one request to its outcome, by the ledger or by the API, and tells it")
                .policy(new OneAtATimePerCredential())
                .removeHeaders("CamelRedeliver*")
                .transform()
                .body(Rotation.class, outcomes::decide)
                .filter(books::isTakenOver)
                .process(books::takeOver)
                .id("record-taken-over")
                .end()
                .filter(Outcomes::isOpen)
                .to(direct(ATTEMPT))
                .id("attempt-with-quick-tries")
                .end()
                .transform()
                .body(Rotation.class, outcomes::settle)
                .to(direct(CONCLUDE))
                .id("conclude")
                .process(requestToKey);
    }

    private void attempt() {
        from(direct(ATTEMPT))
                .errorHandler(noErrorHandler())
                .routeId("attempt-rotation")
                .description("Generates a key once, reading the credential before it, and after a lost answer")
                .filter(readBack::isDueBefore)
                .enrich(direct(READ_CREDENTIAL), ReadBack::learn)
                .id("read-credential")
                .end()
                .filter(readBack::mayCall)
                .to(direct(GENERATE))
                .end()
                .filter(readBack::isDueAfter)
                .enrich(direct(READ_CREDENTIAL), ReadBack::learn)
                .id("read-credential-back")
                .end()
                .process(attempts::judge);
    }

    private void generate() {
        from(direct(GENERATE))
                .errorHandler(noErrorHandler())
                .routeId("generate")
                .description("Writes down that a rotation starts, then has the key generated")
                .process(books::start)
                .id("record-started")
                .enrich(direct(GENERATE_CLIENT_KEY), attempts::called)
                .id("call-generate-client-key");
    }

    private void conclude() {
        from(direct(CONCLUDE))
                .errorHandler(noErrorHandler())
                .routeId("conclude-rotation")
                .description("Tells the outcome, and writes down that it was told")
                .process(books::beforeTelling)
                .id("record-ending")
                .enrich(direct(TELL), AcknowledgedTopic::proven)
                .id("publish-outcome")
                .process(books::afterTelling)
                .id("record-settled");
    }

    private void tellOutcome() {
        from(direct(TELL))
                .errorHandler(noErrorHandler())
                .routeId("tell-outcome")
                .description("Hands the outcome over to be published")
                .transform()
                .body(Rotation.class, Rotation::outcome)
                .to(direct(PUBLISH_OUTCOME))
                .id("hand-over");
    }
}
