package org.keyrotation.routes.rotate;

import static org.keyrotation.routes.api.ManagementApiRoutes.GENERATE_CLIENT_KEY;
import static org.keyrotation.routes.api.ManagementApiRoutes.READ_CREDENTIAL;
import static org.keyrotation.routes.publish.PublishRoutes.PUBLISH_OUTCOME;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.apache.camel.model.OnExceptionDefinition;
import org.keyrotation.routes.api.CallWithdrawnException;
import org.keyrotation.routes.api.Pace;
import org.keyrotation.routes.ledger.Ledger;
import org.keyrotation.routes.prefix.Prefix;
import org.keyrotation.routes.prefix.PrefixedRoutes;
import org.keyrotation.routes.publish.AcknowledgedTopic;
import org.keyrotation.routes.threads.Awaited;
import org.keyrotation.routes.threads.Threads;

/** Brings a request to its outcome, and tells it. */
public final class RotateRoutes extends PrefixedRoutes {

    /** Body in: a {@link Rotation}. Body out: the same one, with its outcome, which is published and acknowledged. */
    public static final String ROTATE = "rotate";

    /** At most, before a request is deferred. */
    static final int QUICK_TRIES = 4;

    private static final String TRY = "try-to-rotate";
    private static final String ATTEMPT = "attempt";

    private final Threads threads;
    private final Bookkeeping books;
    private final Outcomes outcomes;
    private final ReadBack readBack;
    private final Attempts attempts;
    private final RequestToKey requestToKey;
    private final Admission admission;

    public RotateRoutes(
            Prefix prefix,
            RotateSettings settings,
            Ledger ledger,
            Pace pace,
            Clock clock,
            MeterRegistry meters,
            Threads threads) {
        super(prefix);
        this.threads = threads;
        this.books = new Bookkeeping(ledger, clock);
        this.outcomes = new Outcomes(prefix, settings, books, clock);
        this.readBack = new ReadBack(settings.readBack());
        this.attempts = new Attempts(readBack);
        this.requestToKey = new RequestToKey(meters, clock);
        this.admission = new Admission(ledger, pace, outcomes);
    }

    /** To be asked before. */
    public Admission admission() {
        return admission;
    }

    @Override
    protected void routes() {
        anotherTryWhileTheApiIsUnavailable();
        leaveItToWhoeverHasItNow();
        rotate();
        tryToRotate();
        attempt();
    }

    /** The last try leaves its answer as it is, so what is not tried again is a rotation that a stop cut short: not done. */
    private void anotherTryWhileTheApiIsUnavailable() {
        errorHandler(defaultErrorHandler().executorService(threads.redelivery()));
        OnExceptionDefinition policy = onException(WorthAnotherTryException.class);
        policy.maximumRedeliveries(QUICK_TRIES - 1)
                .asyncDelayedRedelivery()
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
                .errorHandler(noErrorHandler())
                .routeId("rotate")
                .description("Brings one request to its outcome, by the ledger or by the API, and tells it")
                .policy(new OneAtATimePerCredential(threads.routing()))
                .removeHeaders("CamelRedeliver*")
                .process(awaited(outcomes::decide))
                .id("decide")
                .filter(Outcomes::isOpen)
                .to(direct(TRY))
                .end()
                .process(awaited(outcomes::settle))
                .id("record-ending")
                .to(direct(PUBLISH_OUTCOME))
                .id("publish-outcome")
                .process(AcknowledgedTopic::check)
                .process(awaited(books::afterTelling))
                .id("record-settled")
                .process(requestToKey);
    }

    private void tryToRotate() {
        from(direct(TRY))
                .routeId("try-to-rotate")
                .description("Attempts it, some times where that may help")
                .to(direct(ATTEMPT))
                .id("attempt-with-quick-tries");
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
                .process(awaited(books::start))
                .id("record-started")
                .enrich(direct(GENERATE_CLIENT_KEY), attempts::called)
                .id("call-generate-client-key")
                .end()
                .filter(readBack::isDueAfter)
                .enrich(direct(READ_CREDENTIAL), ReadBack::learn)
                .id("read-credential-back")
                .end()
                .process(attempts::judge);
    }

    private static Awaited<Rotation> awaited(Function<Rotation, CompletableFuture<Rotation>> step) {
        return new Awaited<>(Rotation.class, step);
    }
}
