package org.keyrotation.routes.camel;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.support.AsyncProcessorSupport;
import org.jspecify.annotations.Nullable;

/** A step that replaces the body by what comes of it later, and holds no thread until then. */
public final class FutureProcessor<T> extends AsyncProcessorSupport {

    private final Class<T> type;
    private final Function<T, CompletableFuture<T>> step;

    /** @param step its failure is the exchange's */
    public FutureProcessor(Class<T> type, Function<T, CompletableFuture<T>> step) {
        this.type = type;
        this.step = step;
    }

    @Override
    public boolean process(Exchange exchange, AsyncCallback callback) {
        CompletableFuture<T> result = begin(exchange);
        boolean already = result.isDone();
        var unused = result.whenComplete((body, failure) -> {
            end(exchange, body, failure);
            callback.done(already);
        });
        return already;
    }

    private CompletableFuture<T> begin(Exchange exchange) {
        try {
            return step.apply(exchange.getMessage().getMandatoryBody(type));
        } catch (Exception | Error e) { // who is never called back holds up its request for good
            return CompletableFuture.failedFuture(e);
        }
    }

    private static void end(Exchange exchange, @Nullable Object body, @Nullable Throwable failure) {
        if (failure == null) {
            exchange.getMessage().setBody(body);
        } else {
            exchange.setException(failure instanceof CompletionException wrapped ? wrapped.getCause() : failure);
        }
    }
}
