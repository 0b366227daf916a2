package org.keyrotation.routes.api;

import java.io.IOException;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.classic.ExecChainHandler;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;
import org.jspecify.annotations.Nullable;

/**
 * Asks, when the connection is there and the next thing is the first byte, whether the call may still be made: waiting for a
 * connection, and making one, takes time. camel-http makes the call on the thread that brings the exchange.
 */
final class OwnershipInterceptor implements ExecChainHandler {

    private static final ThreadLocal<@Nullable ApiRequest> CURRENT = new ThreadLocal<>();

    /** Before each call, on its thread. */
    static void of(ApiRequest request) {
        CURRENT.set(request);
    }

    @Override
    public ClassicHttpResponse execute(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
            throws IOException, HttpException {
        ApiRequest current = CURRENT.get();
        if (current != null && !current.mayBeMade().getAsBoolean()) {
            throw new CallFencedException();
        }
        return chain.proceed(request, scope);
    }
}
