package org.keyrotation.routes.api;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.classic.ExecChainHandler;
import org.apache.hc.core5.concurrent.Cancellable;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;

/**
 * Limits the time from a request on an open connection to the end of its response. The client's own timeouts apply to each
 * wait for data.
 */
final class DeadlineInterceptor implements ExecChainHandler {

    private final ScheduledExecutorService timer;
    private final Duration responseTimeout;

    DeadlineInterceptor(ScheduledExecutorService timer, Duration responseTimeout) {
        this.timer = timer;
        this.responseTimeout = responseTimeout;
    }

    @Override
    public ClassicHttpResponse execute(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
            throws IOException, HttpException {
        Future<?> deadline = timer.schedule(
                () -> ((Cancellable) scope.originalRequest).cancel(),
                responseTimeout.toMillis(),
                TimeUnit.MILLISECONDS);
        ConnectionInterceptor.markSent(scope, deadline);
        return chain.proceed(request, scope);
    }
}
