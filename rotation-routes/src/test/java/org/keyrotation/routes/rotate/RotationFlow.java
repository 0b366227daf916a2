package org.keyrotation.routes.rotate;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.function.Consumer;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.keyrotation.routes.api.ApiResult;
import org.keyrotation.routes.camel.Prefix;

/**
 * The steps of {@link RotateRoutes}, with the classes that make them, in the same order. The API and the ledger are
 * simulated, a quick retry follows without its wait.
 */
final class RotationFlow {

    private static final CamelContext CONTEXT = new DefaultCamelContext();

    static final LeaseTerm TERM = new LeaseTerm(Duration.ofSeconds(20), Duration.ofSeconds(20));

    private final SimulatedApi api;
    private final Clock truth;
    private final LedgerUpdates updates;
    private final OutcomeMapper outcomes;
    private final ReadBack readBack;
    private final QuickRetry quickRetry;

    /**
     * @param clock of the instance that runs the flow
     * @param truth of the API
     */
    RotationFlow(
            RotateSettings settings, LedgerAccess ledger, SimulatedApi api, String instance, Clock clock, Clock truth) {
        this.api = api;
        this.truth = truth;
        this.updates = new LedgerUpdates(ledger, TERM, instance, clock, () -> nanos(truth.instant()));
        this.outcomes = new OutcomeMapper(Prefix.ROTATION, settings, updates, clock);
        this.readBack = new ReadBack(settings.readBack());
        this.quickRetry = new QuickRetry(readBack);
    }

    /** @param afterStep is called after each step, and throws where the instance crashes */
    void run(Rotation request, Consumer<Rotation> publish, Consumer<Action.Step> afterStep) {
        Rotation decided = outcomes.decide(request).join();
        afterStep.accept(Action.Step.DECIDE);
        Rotation attempted = decided.outcome() == null ? attemptWithRetries(decided, afterStep) : decided;
        Rotation ending = outcomes.recordEnding(attempted).join();
        afterStep.accept(Action.Step.RECORD_ENDING);
        publish.accept(ending);
        afterStep.accept(Action.Step.PUBLISH);
        updates.recordSettled(ending).join();
        afterStep.accept(Action.Step.RECORD_SETTLED);
    }

    private Rotation attemptWithRetries(Rotation decided, Consumer<Action.Step> afterStep) {
        Rotation rotation = decided;
        for (int retries = 0; ; retries++) {
            try {
                return attempt(rotation, retries, afterStep);
            } catch (QuickRetryException e) {
                rotation = e.rotation();
            }
        }
    }

    private Rotation attempt(Rotation rotation, int retries, Consumer<Action.Step> afterStep)
            throws QuickRetryException {
        Exchange exchange = exchange(rotation);
        exchange.getMessage().setHeader(Exchange.REDELIVERY_COUNTER, retries);
        api.startAttempt();
        if (readBack.isDueBeforeCall(exchange)) {
            Exchange unused = ReadBack.applyReading(exchange, exchange(api.read()));
        }
        if (readBack.isCallAllowed(exchange)) {
            exchange.getMessage()
                    .setBody(updates.recordStarted(rotation(exchange)).join());
            afterStep.accept(Action.Step.RECORD_STARTED);
            ApiResult result = api.generate(rotation(exchange), truth.instant());
            afterStep.accept(Action.Step.CALL);
            Exchange unused = readBack.applyCallResult(exchange, exchange(result));
        }
        if (readBack.isDueAfterCall(exchange)) {
            Exchange unused = ReadBack.applyReading(exchange, exchange(api.read()));
        }
        quickRetry.throwIfWorthwhile(exchange);
        return rotation(exchange);
    }

    private static long nanos(Instant instant) {
        return ChronoUnit.NANOS.between(Instant.EPOCH, instant);
    }

    private static Exchange exchange(Object body) {
        Exchange exchange = new DefaultExchange(CONTEXT);
        exchange.getMessage().setBody(body);
        return exchange;
    }

    private static Rotation rotation(Exchange exchange) {
        return exchange.getMessage().getBody(Rotation.class);
    }
}
