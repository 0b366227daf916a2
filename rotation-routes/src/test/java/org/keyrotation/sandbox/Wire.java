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

/** Puts an answer on the wire, or spoils it there. */
final class Wire {

    private Wire() {}

    static void deliver(Answer answer, HttpServerRequest request) {
        HttpServerResponse response = request.response();
        if (response.closed()) {
            return;
        }
        switch (answer.delivery()) {
            case WHOLE -> head(answer, response).end(answer.body());
            case TRUNCATED -> truncate(answer, request);
            case BAD_CHUNK -> raw(answer, "Transfer-Encoding: chunked\r\n\r\n" + answer.body() + "\r\n", request);
            case BAD_HEADER -> raw(answer, answer.body().replace(':', ' ') + "\r\n\r\n", request);
            case RESET -> reset(request);
            case NEVER -> {}
        }
    }

    private static HttpServerResponse head(Answer answer, HttpServerResponse response) {
        answer.headers().forEach(response::putHeader);
        return response.setStatusCode(answer.status());
    }

    private static void truncate(Answer answer, HttpServerRequest request) {
        Buffer body = Buffer.buffer(answer.body());
        head(answer, request.response())
                .putHeader("Content-Length", Integer.toString(body.length()))
                .write(body.slice(0, body.length() / 2))
                .onComplete(written -> request.connection().close());
    }

    /** Past the codec, which would let nothing bad through. */
    private static void raw(Answer answer, String rest, HttpServerRequest request) {
        String text = "HTTP/1.1 " + answer.status() + " OK\r\nContent-Type: application/json\r\n" + rest;
        channel(request)
                .pipeline()
                .firstContext()
                .writeAndFlush(Unpooled.copiedBuffer(text, UTF_8))
                .addListener(ChannelFutureListener.CLOSE);
    }

    /** Closing a socket that lingers for no time sends RST instead of FIN. Vert.x has no door to this. */
    private static void reset(HttpServerRequest request) {
        Channel channel = channel(request);
        channel.config().setOption(ChannelOption.SO_LINGER, 0);
        channel.close().addListener(ChannelFutureListener.FIRE_EXCEPTION_ON_FAILURE);
    }

    private static Channel channel(HttpServerRequest request) {
        return ((ConnectionBase) request.connection()).channel();
    }
}
