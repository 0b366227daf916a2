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
final class LastCheck implements ExecChainHandler {

    private static final ThreadLocal<@Nullable ApiCall> CURRENT = new ThreadLocal<>();

    /** Before each call, on its thread: null where nobody's claim stands behind it. */
    static void of(@Nullable ApiCall call) {
        CURRENT.set(call);
    }

    @Override
    public ClassicHttpResponse execute(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
            throws IOException, HttpException {
        ApiCall call = CURRENT.get();
        if (call != null && !call.mayBeMade()) {
            throw new CallWithdrawnException();
        }
        return chain.proceed(request, scope);
    }
}
