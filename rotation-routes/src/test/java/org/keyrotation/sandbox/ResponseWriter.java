package org.keyrotation.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelOption;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.impl.ConnectionBase;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** Sends a response, or breaks it on the way. */
final class ResponseWriter {

    private static final long TRICKLE_MILLIS = 100;

    private ResponseWriter() {}

    static void write(ApiResponse apiResponse, HttpServerRequest request) {
        HttpServerResponse response = request.response();
        if (response.closed()) {
            return;
        }
        switch (apiResponse.delivery()) {
            case WHOLE -> writeHead(apiResponse, response).end(apiResponse.body());
            case TRUNCATED -> truncate(apiResponse, request);
            case BAD_CHUNK ->
                writeRaw(apiResponse, "Transfer-Encoding: chunked\r\n\r\n" + apiResponse.body() + "\r\n", request);
            case BAD_HEADER -> writeRaw(apiResponse, apiResponse.body().replace(':', ' ') + "\r\n\r\n", request);
            case RESET -> reset(request);
            case TRICKLE -> trickle(apiResponse, request);
            case NEVER -> {}
        }
    }

    private static HttpServerResponse writeHead(ApiResponse apiResponse, HttpServerResponse response) {
        apiResponse.headers().forEach(response::putHeader);
        return response.setStatusCode(apiResponse.status());
    }

    private static void trickle(ApiResponse apiResponse, HttpServerRequest request) {
        HttpServerResponse response = writeHead(apiResponse, request.response()).setChunked(true);
        ScheduledFuture<?> timer = channel(request)
                .eventLoop()
                .scheduleAtFixedRate(() -> response.write(" "), 0, TRICKLE_MILLIS, TimeUnit.MILLISECONDS);
        response.closeHandler(closed -> timer.cancel(false));
    }

    private static void truncate(ApiResponse apiResponse, HttpServerRequest request) {
        Buffer body = Buffer.buffer(apiResponse.body());
        writeHead(apiResponse, request.response())
                .putHeader("Content-Length", Integer.toString(body.length()))
                .write(body.slice(0, body.length() / 2))
                .onComplete(written -> request.connection().close());
    }

    /** Bypasses the HTTP codec, which would reject a malformed response. */
    private static void writeRaw(ApiResponse apiResponse, String remainder, HttpServerRequest request) {
        String text = "HTTP/1.1 " + apiResponse.status() + " OK\r\nContent-Type: application/json\r\n" + remainder;
        channel(request)
                .pipeline()
                .firstContext()
                .writeAndFlush(Unpooled.copiedBuffer(text, UTF_8))
                .addListener(ChannelFutureListener.CLOSE);
    }

    /** Closing a socket with SO_LINGER 0 sends RST instead of FIN. Vert.x has no API for this. */
    private static void reset(HttpServerRequest request) {
        Channel channel = channel(request);
        channel.config().setOption(ChannelOption.SO_LINGER, 0);
        channel.close().addListener(ChannelFutureListener.FIRE_EXCEPTION_ON_FAILURE);
    }

    private static Channel channel(HttpServerRequest request) {
        return ((ConnectionBase) request.connection()).channel();
    }
}
