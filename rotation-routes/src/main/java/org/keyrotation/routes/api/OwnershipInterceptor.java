package org.keyrotation.routes.api;

import java.io.IOException;
import org.apache.camel.Exchange;
import org.apache.camel.component.http.HttpActivityListener;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.classic.ExecChainHandler;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.HttpResponse;
import org.jspecify.annotations.Nullable;

/**
 * Checks the partition ownership of a call once its connection is open: to wait for one, and to open one, takes time. Only the
 * bytes of the request are written after it. camel-http makes the call on the thread of the exchange.
 */
final class OwnershipInterceptor implements ExecChainHandler, HttpActivityListener {

    private static final ThreadLocal<@Nullable ApiRequest> CURRENT = new ThreadLocal<>();

    /** Runs on the same thread, before the connection is there. */
    @Override
    public void onRequestSubmitted(
            Object source, Exchange exchange, HttpHost host, HttpRequest request, HttpEntity entity) {
        CURRENT.set(RequestHeaders.request(exchange));
    }

    @Override
    public ClassicHttpResponse execute(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
            throws IOException, HttpException {
        ApiRequest call = CURRENT.get();
        if (call == null || !call.isAllowed().getAsBoolean()) {
            throw new CallFencedException();
        }
        ConnectionInterceptor.markSent(scope);
        return chain.proceed(request, scope);
    }

    @Override
    public void onResponseReceived(
            Object source, Exchange exchange, HttpHost host, HttpResponse response, HttpEntity entity, long elapsed) {
        CURRENT.remove();
    }
}
