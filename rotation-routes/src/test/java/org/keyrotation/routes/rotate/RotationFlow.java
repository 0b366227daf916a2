package org.keyrotation.routes.rotate;

import java.time.Clock;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
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

    /** The effects of the steps. One that completes later lets other instances act meanwhile. */
    interface Effects {

        /** Completes when the flow goes on; throws where the instance crashes. */
        CompletableFuture<Void> after(Action.Step step);

        void startAttempt();

        ApiResult read();

        CompletableFuture<ApiResult> generate(Rotation rotation);

        CompletableFuture<Void> publish(Rotation rotation);
    }

    private final Effects effects;
    private final LedgerUpdates updates;
    private final OutcomeMapper outcomes;
    private final ReadBack readBack;
    private final QuickRetry quickRetry;

    /** @param clock of the instance that runs the flow */
    RotationFlow(RotateSettings settings, LedgerUpdates updates, Clock clock, Effects effects) {
        this.effects = effects;
        this.updates = updates;
        this.outcomes = new OutcomeMapper(Prefix.ROTATION, settings, updates, clock);
        this.readBack = new ReadBack(settings.readBack());
        this.quickRetry = new QuickRetry(readBack);
    }

    /** Completes with the rotation when its request is settled. */
    CompletableFuture<Rotation> run(Rotation request) {
        return after(Action.Step.BEGIN, request)
                .thenCompose(outcomes::decide)
                .thenCompose(decided -> after(Action.Step.DECIDE, decided))
                .thenCompose(decided -> decided.outcome() == null ? attempt(decided, 0) : done(decided))
                .thenCompose(outcomes::recordEnding)
                .thenCompose(ending -> after(Action.Step.RECORD_ENDING, ending))
                .thenCompose(ending -> effects.publish(ending).thenApply(published -> ending))
                .thenCompose(published -> after(Action.Step.PUBLISH, published))
                .thenCompose(updates::recordSettled)
                .thenCompose(settled -> after(Action.Step.RECORD_SETTLED, settled));
    }

    private CompletableFuture<Rotation> attempt(Rotation rotation, int retries) {
        Exchange exchange = exchange(rotation);
        exchange.getMessage().setHeader(Exchange.REDELIVERY_COUNTER, retries);
        effects.startAttempt();
        return readIf(readBack::isDueBeforeCall, exchange)
                .thenCompose(read -> readBack.isCallAllowed(read) ? call(read) : done(read))
                .thenCompose(called -> readIf(readBack::isDueAfterCall, called))
                .thenCompose(attempted -> retryIfWorthwhile(attempted, retries));
    }

    private CompletableFuture<Exchange> readIf(Predicate<Exchange> isDue, Exchange exchange) {
        return isDue.test(exchange)
                ? after(Action.Step.READ, ReadBack.applyReading(exchange, exchange(effects.read())))
                : done(exchange);
    }

    private CompletableFuture<Exchange> call(Exchange exchange) {
        return updates.recordStarted(rotation(exchange))
                .thenCompose(started -> after(Action.Step.RECORD_STARTED, started))
                .thenCompose(started -> {
                    exchange.getMessage().setBody(started);
                    return generateIfAllowed(started);
                })
                .thenCompose(result -> after(Action.Step.CALL, result))
                .thenApply(result -> readBack.applyCallResult(exchange, exchange(result)));
    }

    /** Renews the lease if necessary, and checks it just before the call is sent, as the HTTP client does. */
    private CompletableFuture<ApiResult> generateIfAllowed(Rotation started) {
        return started.renewBeforeGeneration()
                .handle((renewed, failure) -> started.isGenerationAllowed())
                .thenCompose(isAllowed -> isAllowed
                        ? effects.generate(started)
                        : CompletableFuture.failedFuture(new IllegalStateException("The lease does not allow a call")));
    }

    private CompletableFuture<Rotation> retryIfWorthwhile(Exchange exchange, int retries) {
        try {
            quickRetry.throwIfWorthwhile(exchange);
            return done(rotation(exchange));
        } catch (QuickRetryException e) {
            return attempt(e.rotation(), retries + 1);
        }
    }

    private <T> CompletableFuture<T> after(Action.Step step, T value) {
        return effects.after(step).thenApply(goesOn -> value);
    }

    private static <T> CompletableFuture<T> done(T value) {
        return CompletableFuture.completedFuture(value);
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
