package org.keyrotation.routes.api;

import io.netty.handler.proxy.ProxyConnectException;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.net.ProxyOptions;
import io.vertx.ext.web.codec.BodyCodec;
import io.vertx.ext.web.codec.spi.BodyStream;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;

/**
 * One call of the Vert.x client. It is the body codec of its request, because the client passes nothing else of ours to an
 * interceptor. The thread of the exchange starts it, and the event loop does the rest.
 */
final class VertxCall implements BodyCodec<Buffer> {

    private static final Pattern STATUS_OF_CONNECT = Pattern.compile("status: ([1-5]\\d\\d) ");

    private final ApiRequest request;
    private final @Nullable ProxyOptions proxy;
    private final AtomicBoolean ended = new AtomicBoolean();
    private ApiMeters.@Nullable Call meter;
    private @Nullable HttpClientRequest sent;
    private long timer = -1;

    VertxCall(ApiRequest request, @Nullable ProxyOptions proxy) {
        this.request = request;
        this.proxy = proxy;
    }

    ApiRequest request() {
        return request;
    }

    @Nullable
    ProxyOptions proxy() {
        return proxy;
    }

    long timer() {
        return timer;
    }

    /**
     * Ends the call, and returns whether it had not ended before. After a stall of the event loop, the client reports a timeout
     * and then the response that came meanwhile.
     */
    boolean end() {
        return ended.compareAndSet(false, true);
    }

    void start(ApiMeters meters) {
        meter = meters.start();
    }

    void markSent(HttpClientRequest sent, long timer) {
        this.sent = sent;
        this.timer = timer;
    }

    void responseStarted(int status) {
        if (meter != null) {
            meter.stop(request.method(), status);
            meter = null;
        }
    }

    void abort() {
        if (sent != null) {
            sent.reset();
        }
        if (meter != null) {
            meter.stopWithoutResponse(request.method());
            meter = null;
        }
    }

    @Override
    public void create(Handler<AsyncResult<BodyStream<Buffer>>> handler) {
        handler.handle(Future.succeededFuture(new VertxBody(ApiHttp.MAX_BODY_BYTES)));
    }

    Exception failure(Throwable cause) {
        if (cause instanceof CallFencedException fenced) {
            return fenced;
        }
        return sent == null ? notSent(cause) : ApiCallException.noResponse(cause);
    }

    ApiCallException refusedByProxy(int status) {
        return ApiCallException.refusedByProxy(String.valueOf(proxyName()), request.method(), status);
    }

    private ApiCallException notSent(Throwable cause) {
        if (cause instanceof ProxyConnectException) {
            Matcher status = STATUS_OF_CONNECT.matcher(String.valueOf(cause.getMessage()));
            if (status.find()) {
                return ApiCallException.refusedConnect(proxyName(), Integer.parseInt(status.group(1)));
            }
        }
        return ApiCallException.noConnection(proxyName(), reason(cause));
    }

    private @Nullable String proxyName() {
        return proxy == null ? null : proxy.getHost() + ":" + proxy.getPort();
    }

    /** The messages of other failures may quote the response of a proxy. */
    private static String reason(Throwable failure) {
        Throwable cause = handshakeFailure(failure);
        boolean own = (cause instanceof ConnectException && !(cause instanceof ProxyConnectException))
                || cause instanceof UnknownHostException
                || cause instanceof SSLHandshakeException
                || cause instanceof TimeoutException;
        String kind = cause.getClass().getSimpleName();
        return own ? kind + ": " + cause.getMessage() : kind;
    }

    /** Vert.x wraps the exception of the JVM's TLS. */
    private static Throwable handshakeFailure(Throwable failure) {
        return failure instanceof SSLHandshakeException && failure.getCause() instanceof SSLHandshakeException cause
                ? cause
                : failure;
    }
}
