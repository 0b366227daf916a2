package org.keyrotation.routes.api;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.ext.web.client.impl.HttpContext;
import java.net.SocketTimeoutException;
import java.time.Duration;

/**
 * Measures each call of the Vert.x client, checks its partition ownership once its connection is open, and limits the time from
 * there to the end of the response. The event loop writes the request right after the check.
 */
final class VertxCallInterceptor implements Handler<HttpContext<?>> {

    private final Vertx vertx;
    private final long responseTimeoutMs;
    private final ApiMeters meters;

    VertxCallInterceptor(Vertx vertx, Duration responseTimeout, ApiMeters meters) {
        this.vertx = vertx;
        this.responseTimeoutMs = responseTimeout.toMillis();
        this.meters = meters;
    }

    @Override
    public void handle(HttpContext<?> context) {
        VertxCall call = (VertxCall) context.request().bodyCodec();
        switch (context.phase()) {
            case PREPARE_REQUEST -> call.start(meters);
            case SEND_REQUEST -> {
                keepQuiet(context.clientRequest());
                try {
                    call.request().requireAllowed();
                } catch (CallFencedException e) {
                    context.fail(e);
                    return;
                }
                call.markSent(
                        context.clientRequest(),
                        vertx.setTimer(responseTimeoutMs, id -> context.fail(new SocketTimeoutException())));
            }
            case RECEIVE_RESPONSE ->
                call.responseStarted(context.clientResponse().statusCode());
            case DISPATCH_RESPONSE -> vertx.cancelTimer(call.timer());
            case FAILURE -> {
                vertx.cancelTimer(call.timer());
                call.abort();
            }
            default -> {} // the phases in between are the client's own
        }
        context.next();
    }

    /** The call fails with these exceptions. Without a handler Vert.x logs them, and they may quote the response. */
    private static void keepQuiet(HttpClientRequest request) {
        request.exceptionHandler(failure -> {});
        request.connection().exceptionHandler(failure -> {});
    }
}
