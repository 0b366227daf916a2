package org.keyrotation.routes.api;

import java.io.IOException;
import java.util.concurrent.Future;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.classic.ExecChainHandler;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.HttpStatus;
import org.jspecify.annotations.Nullable;

/**
 * Separates the connection from the call: whatever happens before the first byte of the request is sent, the API cannot
 * have executed it. HttpClient returns a proxy's refusal of CONNECT as if it were the response of the API.
 */
final class ConnectionInterceptor implements ExecChainHandler {

    /** Context attribute: the deadline of a request that is about to be sent on an open connection. */
    private static final String DEADLINE = "rotation.api.deadline";

    static void markSent(ExecChain.Scope scope, Future<?> deadline) {
        scope.clientContext.setAttribute(DEADLINE, deadline);
    }

    /** The task that aborts the call, or null if the request was not sent. */
    static @Nullable Future<?> deadline(ExecChain.Scope scope) {
        return scope.clientContext.getAttribute(DEADLINE) instanceof Future<?> deadline ? deadline : null;
    }

    @Override
    public ClassicHttpResponse execute(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
            throws IOException, HttpException {
        HttpHost proxy = scope.route.getProxyHost();
        scope.clientContext.removeAttribute(DEADLINE);
        ClassicHttpResponse response = proceed(request, scope, chain, proxy);
        if (!isSent(scope)) {
            scope.execRuntime.discardEndpoint();
            throw ApiCallException.refusedConnect(name(proxy), response.getCode());
        }
        if (proxy != null && response.getCode() == HttpStatus.SC_PROXY_AUTHENTICATION_REQUIRED) {
            scope.execRuntime.discardEndpoint();
            throw ApiCallException.refusedByProxy(proxy.toHostString(), request.getMethod(), response.getCode());
        }
        return response;
    }

    private static ClassicHttpResponse proceed(
            ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain, @Nullable HttpHost proxy)
            throws IOException, HttpException {
        try {
            return chain.proceed(request, scope);
        } catch (IOException | HttpException e) {
            if (isSent(scope)) {
                throw e;
            }
            throw ApiCallException.noConnection(name(proxy), reason(e));
        }
    }

    /** The message of a protocol error may quote the response of a proxy. */
    private static String reason(Exception failure) {
        String kind = failure.getClass().getSimpleName();
        return failure instanceof HttpException ? kind : kind + ": " + failure.getMessage();
    }

    private static @Nullable String name(@Nullable HttpHost proxy) {
        return proxy == null ? null : proxy.toHostString();
    }

    private static boolean isSent(ExecChain.Scope scope) {
        return deadline(scope) != null;
    }
}
