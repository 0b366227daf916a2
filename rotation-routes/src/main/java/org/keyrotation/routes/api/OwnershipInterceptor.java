package org.keyrotation.routes.api;

import java.io.IOException;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.classic.ExecChainHandler;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;
import org.jspecify.annotations.Nullable;

/**
 * Checks the partition ownership of a call once its connection is open: to wait for one, and to open one, takes time. The
 * request is in a thread-local, because camel-http makes the call on the thread of the exchange.
 */
final class OwnershipInterceptor implements ExecChainHandler {

    private static final ThreadLocal<@Nullable ApiRequest> CURRENT = new ThreadLocal<>();

    /** Sets the request of the next call on this thread. */
    static void setCurrent(ApiRequest request) {
        CURRENT.set(request);
    }

    @Override
    public ClassicHttpResponse execute(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
            throws IOException, HttpException {
        ApiRequest current = CURRENT.get();
        if (current != null && !current.isAllowed().getAsBoolean()) {
            throw new CallFencedException();
        }
        ConnectionInterceptor.markSent(scope);
        return chain.proceed(request, scope);
    }
}
