package org.keyrotation.routes.api;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.concurrent.Future;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.classic.ExecChainHandler;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.io.entity.EntityUtils;

/**
 * Reads each response completely before the route sees it. It replaces the client's exceptions, because they quote the
 * response, which may hold a client key.
 */
final class BufferingInterceptor implements ExecChainHandler {

    @Override
    @SuppressWarnings("UnusedException") // the cause is dropped on purpose
    public ClassicHttpResponse execute(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain) {
        try {
            ClassicHttpResponse response = chain.proceed(request, scope);
            buffer(response);
            return response;
        } catch (IOException | HttpException e) {
            Future<?> deadline = ConnectionInterceptor.deadline(scope);
            throw ApiCallException.noResponse(deadline != null && deadline.isDone() ? new SocketTimeoutException() : e);
        } finally {
            cancelDeadline(scope);
        }
    }

    private static void cancelDeadline(ExecChain.Scope scope) {
        Future<?> deadline = ConnectionInterceptor.deadline(scope);
        if (deadline != null) {
            deadline.cancel(false);
        }
    }

    private static void buffer(ClassicHttpResponse response) throws IOException {
        HttpEntity entity = response.getEntity();
        if (entity != null) {
            byte[] body = EntityUtils.toByteArray(entity, ApiHttp.MAX_BODY_BYTES);
            response.setEntity(new ByteArrayEntity(body, ContentType.parseLenient(entity.getContentType())));
        }
    }
}
