package org.keyrotation.routes.rotate;

import static org.keyrotation.routes.api.ManagementApiRoutes.GENERATE_CLIENT_KEY;
import static org.keyrotation.routes.api.ManagementApiRoutes.READ_CREDENTIAL;
import static org.keyrotation.routes.publish.PublishRoutes.PUBLISH_OUTCOME;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.apache.camel.model.OnExceptionDefinition;
import org.keyrotation.routes.api.ApiSettings;
import org.keyrotation.routes.api.CallFencedException;
import org.keyrotation.routes.api.CompanyRateLimiter;
import org.keyrotation.routes.camel.FutureProcessor;
import org.keyrotation.routes.camel.Prefix;
import org.keyrotation.routes.camel.PrefixedRoutes;
import org.keyrotation.routes.camel.ThreadPools;
import org.keyrotation.routes.kafka.ProcessAgainException;
import org.keyrotation.routes.ledger.Ledger;
import org.keyrotation.routes.publish.PublishRoutes;

/** Routes that bring one request to its outcome and publish it. */
public final class RotateRoutes extends PrefixedRoutes {

    /** Body in: a {@link Rotation}. Body out: the same one with its outcome, which is published and acknowledged. */
    public static final String ROTATE = "rotate";

    /**
     * Body in: a {@link DriftedKey}. Publishes the key that a person has generated, unless the ledger has changed meanwhile. It
     * generates no key.
     */
    public static final String PUBLISH_DRIFTED_KEY = "publish-drifted-key";

    private static final String TRY = "try-to-rotate";
    private static final String ATTEMPT = "attempt";

    private final ThreadPools pools;
    private final LedgerUpdates ledger;
    private final OutcomeMapper outcomes;
    private final ReadBack readBack;
    private final QuickRetry quickRetry;
    private final HolderWait holderWait;
    private final RotationLatency latency;
    private final DriftPublication drift;
    private final CredentialMutex mutex;
    private final AdmissionControl admission;

    public RotateRoutes(
            Prefix prefix,
            RotateSettings settings,
            ApiSettings api,
            Ledger ledger,
            CompanyRateLimiter rateLimiter,
            Clock clock,
            MeterRegistry meters,
            ThreadPools pools) {
        super(prefix);
        this.pools = pools;
        String holder = UUID.randomUUID().toString();
        LeaseTerm term = LeaseTerm.of(api);
        this.ledger = new LedgerUpdates(new Leases(LedgerAccess.of(ledger), term, holder, clock, System::nanoTime));
        this.outcomes = new OutcomeMapper(prefix, settings, this.ledger, clock);
        this.readBack = new ReadBack(settings.readBack());
        this.quickRetry = new QuickRetry(readBack);
        this.holderWait = new HolderWait(outcomes::isBehindAnother, term.total().plusSeconds(1), pools.routing());
        this.latency = new RotationLatency(meters, clock);
        this.drift = new DriftPublication(this.ledger, outcomes, clock);
        this.mutex = new CredentialMutex(pools.routing());
        this.admission = new AdmissionControl(ledger, rateLimiter, outcomes);
    }

    public AdmissionControl admission() {
        return admission;
    }

    @Override
    protected void routes() {
        retryQuickly();
        decideAnew();
        rotate();
        tryToRotate();
        attempt();
        publishDriftedKey();
    }

    /** The last attempt does not throw. An exhausted redelivery therefore means that the context is stopping. */
    private void retryQuickly() {
        OnExceptionDefinition policy = onException(QuickRetryException.class);
        policy.maximumRedeliveries(QuickRetry.MAX_ATTEMPTS - 1)
                .asyncDelayedRedelivery()
                .redeliveryDelay(200)
                .useExponentialBackOff()
                .backOffMultiplier(4)
                .useCollisionAvoidance()
                .collisionAvoidancePercent(50)
                .onRedelivery(QuickRetry::beforeRedelivery)
                .logExhausted(false);
        forbidRedeliveryWhileStopping(policy);
    }

    /** The consumer, or the direct endpoint, decides the request anew. */
    private void decideAnew() {
        onException(CallFencedException.class, ProcessAgainException.class)
                .maximumRedeliveries(0)
                .logExhausted(false);
    }

    // spotless:off
    private void rotate() {
        from(direct(ROTATE)).routeId(ROTATE)
            .description("Brings one request to its outcome, by the ledger or by the API, and publishes it")
            .policy(mutex)
                .process(async(this::decide)).id("decide")
                .filter(OutcomeMapper::hasNoOutcome)
                    .to(direct(TRY))
                .end()
                .process(async(outcomes::recordEnding)).id("record-ending")
                .to(direct(PUBLISH_OUTCOME)).id("publish-outcome")
                .process(PublishRoutes::requirePublished)
                .process(async(ledger::recordSettled)).id("record-settled")
                .process(latency::record).id("record-latency");
    }

    private void tryToRotate() {
        from(direct(TRY)).routeId(TRY).errorHandler(redeliveryOn(pools))
            .description("Attempts the rotation, with up to three quick retries")
            .to(direct(ATTEMPT)).id("attempt-with-quick-retries");
    }

    private void attempt() {
        from(direct(ATTEMPT)).routeId("attempt-rotation")
            .description("Generates a key once, and reads the credential before it and after a lost answer")
            .filter(readBack::isDueBeforeCall)
                .enrich(direct(READ_CREDENTIAL), ReadBack::applyReading).id("read-credential")
            .end()
            .filter(readBack::isCallAllowed)
                .process(async(ledger::recordStarted)).id("record-started")
                .enrich(direct(GENERATE_CLIENT_KEY), readBack::applyCallResult).id("call-generate-client-key")
            .end()
            .filter(readBack::isDueAfterCall)
                .enrich(direct(READ_CREDENTIAL), ReadBack::applyReading).id("read-credential-back")
            .end()
            .process(quickRetry::throwIfWorthwhile);
    }

    private void publishDriftedKey() {
        from(direct(PUBLISH_DRIFTED_KEY)).routeId(PUBLISH_DRIFTED_KEY)
            .description("Publishes a key that a person has generated, like one whose answer was lost")
            .transform().body(DriftedKey.class, drift::rotation)
            .policy(mutex)
                .process(async(drift::lease)).id("lease-drifted")
                .filter(DriftPublication::isLeased)
                    .enrich(direct(READ_CREDENTIAL), ReadBack::applyReading).id("read-drifted")
                    .process(async(drift::recordReading)).id("record-drifted-reading")
                .end()
                .filter(DriftPublication::hasOutcome)
                    .to(direct(PUBLISH_OUTCOME)).id("publish-drifted")
                    .process(PublishRoutes::requirePublished)
                    .process(async(ledger::recordSettled)).id("record-drifted")
                .end();
    }
    // spotless:on

    private CompletableFuture<Rotation> decide(Rotation rotation) {
        return holderWait.await(rotation).thenCompose(outcomes::decide);
    }

    private static FutureProcessor<Rotation> async(Function<Rotation, CompletableFuture<Rotation>> step) {
        return new FutureProcessor<>(Rotation.class, step);
    }
}
