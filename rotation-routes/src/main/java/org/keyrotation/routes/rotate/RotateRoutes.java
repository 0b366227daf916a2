package org.keyrotation.routes.rotate;

import static org.keyrotation.routes.api.ManagementApiRoutes.GENERATE_CLIENT_KEY;
import static org.keyrotation.routes.api.ManagementApiRoutes.READ_CREDENTIAL;
import static org.keyrotation.routes.publish.PublishRoutes.PUBLISH_OUTCOME;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.apache.camel.model.OnExceptionDefinition;
import org.keyrotation.routes.api.CallFencedException;
import org.keyrotation.routes.api.CompanyRateLimiter;
import org.keyrotation.routes.camel.FutureProcessor;
import org.keyrotation.routes.camel.Prefix;
import org.keyrotation.routes.camel.PrefixedRoutes;
import org.keyrotation.routes.camel.ThreadPools;
import org.keyrotation.routes.kafka.TopicProducer;
import org.keyrotation.routes.ledger.Ledger;

/** Brings a request to its outcome, and tells it. */
public final class RotateRoutes extends PrefixedRoutes {

    /** Body in: a {@link Rotation}. Body out: the same one, with its outcome, which is published and acknowledged. */
    public static final String ROTATE = "rotate";

    /** At most, before a request is deferred. */
    static final int QUICK_TRIES = 4;

    private static final String TRY = "try-to-rotate";
    private static final String ATTEMPT = "attempt";

    private final ThreadPools threads;
    private final LedgerUpdates books;
    private final OutcomeMapper outcomes;
    private final ReadBack readBack;
    private final QuickRetry attempts;
    private final RotationLatency requestToKey;
    private final AdmissionControl admission;

    public RotateRoutes(
            Prefix prefix,
            RotateSettings settings,
            Ledger ledger,
            CompanyRateLimiter pace,
            Clock clock,
            MeterRegistry meters,
            ThreadPools threads) {
        super(prefix);
        this.threads = threads;
        this.books = new LedgerUpdates(LedgerAccess.of(ledger), clock);
        this.outcomes = new OutcomeMapper(prefix, settings, books, clock);
        this.readBack = new ReadBack(settings.readBack());
        this.attempts = new QuickRetry(readBack);
        this.requestToKey = new RotationLatency(meters, clock);
        this.admission = new AdmissionControl(ledger, pace, outcomes);
    }

    /** To be asked before. */
    public AdmissionControl admission() {
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
        OnExceptionDefinition policy = onException(QuickRetryException.class);
        policy.maximumRedeliveries(QUICK_TRIES - 1)
                .asyncDelayedRedelivery()
                .redeliveryDelay(200)
                .useExponentialBackOff()
                .backOffMultiplier(4)
                .useCollisionAvoidance()
                .collisionAvoidancePercent(50)
                .onRedelivery(QuickRetry::tryAgain)
                .logExhausted(false);
        // Not on the error handler: an exception's own policy would overrule it with Camel's default.
        policy.getRedeliveryPolicyType().allowRedeliveryWhileStopping(false);
    }

    private void leaveItToWhoeverHasItNow() {
        onException(CallFencedException.class).maximumRedeliveries(0).logExhausted(false);
    }

    private void rotate() {
        from(direct(ROTATE))
                .errorHandler(noErrorHandler())
                .routeId("rotate")
                .description("Brings one request to its outcome, by the ledger or by the API, and tells it")
                .policy(new CredentialMutex(threads.routing()))
                .removeHeaders("CamelRedeliver*")
                .process(awaited(outcomes::decide))
                .id("decide")
                .filter(OutcomeMapper::isOpen)
                .to(direct(TRY))
                .end()
                .process(awaited(outcomes::settle))
                .id("record-ending")
                .to(direct(PUBLISH_OUTCOME))
                .id("publish-outcome")
                .process(TopicProducer::check)
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

    private static FutureProcessor<Rotation> awaited(Function<Rotation, CompletableFuture<Rotation>> step) {
        return new FutureProcessor<>(Rotation.class, step);
    }
}
