package org.keyrotation.routes.api;

import java.io.IOException;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.classic.ExecChainHandler;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;
import org.jspecify.annotations.Nullable;

/** Measures the calls of camel-http. */
final class MeterInterceptor implements ExecChainHandler {

    private final ApiMeters meters;

    MeterInterceptor(ApiMeters meters) {
        this.meters = meters;
    }

    @Override
    public ClassicHttpResponse execute(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
            throws IOException, HttpException {
        ApiMeters.Call call = meters.start();
        ClassicHttpResponse response = null;
        try {
            response = chain.proceed(request, scope);
            return response;
        } finally {
            stop(call, request.getMethod(), response);
        }
    }

    private static void stop(ApiMeters.Call call, String method, @Nullable ClassicHttpResponse response) {
        if (response == null) {
            call.stopWithoutResponse(method);
        } else {
            call.stop(method, response.getCode());
        }
    }
}
