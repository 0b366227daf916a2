package org.keyrotation.routes.camel;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.apache.camel.AsyncCallback;
import org.apache.camel.AsyncProcessor;
import org.apache.camel.Exchange;
import org.apache.camel.support.AsyncProcessorSupport;
import org.jspecify.annotations.Nullable;

/**
 * Processor that replaces the body by the result of a future. It occupies no thread until the future completes, and a failed
 * future fails the exchange.
 *
 * @param <T> the type of the body
 */
public final class FutureProcessor<T> extends AsyncProcessorSupport {

    private final Class<T> type;
    private final Function<T, CompletableFuture<T>> function;
    private final AsyncProcessor continuation;

    /** The exchange continues on the thread that completes the future. */
    public FutureProcessor(Class<T> type, Function<T, CompletableFuture<T>> function) {
        this(type, function, Runnable::run);
    }

    /** @param executor continues the exchange if the future is not complete at once: the steps that follow may block */
    public FutureProcessor(Class<T> type, Function<T, CompletableFuture<T>> function, Executor executor) {
        this.type = type;
        this.function = function;
        this.continuation = new SwitchThread(executor);
    }

    @Override
    public boolean process(Exchange exchange, AsyncCallback callback) {
        CompletableFuture<T> result = apply(exchange);
        boolean doneSync = result.isDone();
        var unused = result.whenComplete((body, failure) -> {
            complete(exchange, body, failure);
            if (doneSync) {
                callback.done(true);
            } else {
                continuation.process(exchange, done -> callback.done(false));
            }
        });
        return doneSync;
    }

    private CompletableFuture<T> apply(Exchange exchange) {
        try {
            return function.apply(exchange.getMessage().getMandatoryBody(type));
        } catch (Exception | Error e) { // a callback that is never called would block its request for ever
            return CompletableFuture.failedFuture(e);
        }
    }

    private static void complete(Exchange exchange, @Nullable Object body, @Nullable Throwable failure) {
        if (failure == null) {
            exchange.getMessage().setBody(body);
        } else {
            exchange.setException(failure instanceof CompletionException wrapped ? wrapped.getCause() : failure);
        }
    }
}
