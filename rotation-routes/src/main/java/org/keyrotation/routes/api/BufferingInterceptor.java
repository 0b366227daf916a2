package org.keyrotation.routes.api;

import java.io.IOException;
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
 * Reads each answer to its end before anyone else sees it. What goes wrong on the way is told by its kind alone: the
 * client's errors quote what came over the wire, and that may be a client key.
 */
final class BufferingInterceptor implements ExecChainHandler {

    /** In bytes; the rest is not read into memory, and what is cut is no JSON. */
    private static final int LARGEST = 4 * 1024 * 1024;

    @Override
    @SuppressWarnings("UnusedException") // that is what this class is for
    public ClassicHttpResponse execute(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
            throws IOException {
        try {
            ClassicHttpResponse response = chain.proceed(request, scope);
            buffer(response);
            return response;
        } catch (IOException | HttpException e) {
            if (e instanceof IOException unsent && ResponseMapper.wasNeverSent(unsent)) {
                throw unsent;
            }
            throw new NoResponseException(e.getClass().getSimpleName());
        }
    }

    private static void buffer(ClassicHttpResponse response) throws IOException {
        HttpEntity entity = response.getEntity();
        if (entity != null) {
            byte[] body = EntityUtils.toByteArray(entity, LARGEST);
            response.setEntity(new ByteArrayEntity(body, ContentType.parseLenient(entity.getContentType())));
        }
    }
}
