package org.keyrotation.sandbox;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.net.URI;
import java.util.function.Supplier;

/** The HTTP server: one event loop, on loopback, HTTP/1.1 as Adyen's clients use it. */
final class HttpFront implements AutoCloseable {

    private static final String LOOPBACK = "127.0.0.1";
    private static final long LATE_MILLIS = 1_000;

    private final Vertx vertx = Vertx.vertx(new VertxOptions()
            .setEventLoopPoolSize(1)
            .setWorkerPoolSize(1)
            .setInternalBlockingPoolSize(1)
            .setFileSystemOptions(
                    new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false)));
    private final Dispatcher dispatcher;
    private final RequestLog log;
    private final Latency latency;
    private final URI baseUrl;

    HttpFront(int port, Dispatcher dispatcher, RequestLog log, Latency latency) {
        this.dispatcher = dispatcher;
        this.log = log;
        this.latency = latency;
        HttpServer server = vertx.createHttpServer(new HttpServerOptions()
                .setHost(LOOPBACK)
                .setPort(port)
                .setAcceptBacklog(4096)
                // Faults act on the TCP connection, so there must be one for each call under way.
                .setHttp2ClearTextEnabled(false));
        try {
            await(server.requestHandler(this::receive).listen());
        } catch (RuntimeException e) {
            close();
            throw e;
        }
        this.baseUrl = URI.create("http://" + LOOPBACK + ":" + server.actualPort() + "/v3");
    }

    URI baseUrl() {
        return baseUrl;
    }

    private void receive(HttpServerRequest wire) {
        wire.body().onSuccess(body -> take(wire, body));
    }

    private void take(HttpServerRequest wire, Buffer body) {
        ReceivedRequest request = ReceivedRequest.of(wire, body);
        log.arrived(request);
        wire.response().endHandler(ended -> log.left(request));
        Supplier<Answer> work = dispatcher.arrive(request, baseUrl, this::later);
        long millis = latency.next().toMillis();
        if (millis == 0) {
            answer(wire, request, work);
        } else {
            vertx.setTimer(millis, timer -> answer(wire, request, work));
        }
    }

    private void later(Supplier<Answer> work) {
        vertx.setTimer(LATE_MILLIS, timer -> done(work));
    }

    private void answer(HttpServerRequest wire, ReceivedRequest request, Supplier<Answer> work) {
        Answer answer = done(work);
        log.answered(request, answer);
        Wire.deliver(answer, wire);
    }

    /** A bug of the sandbox, or of a fault, must be seen, not waited for. */
    private static Answer done(Supplier<Answer> work) {
        try {
            return work.get();
        } catch (RuntimeException e) {
            return Problems.of(500, "The sandbox itself failed: " + e);
        }
    }

    @Override
    public void close() {
        await(vertx.close());
    }

    private static <T> T await(Future<T> future) {
        return future.toCompletionStage().toCompletableFuture().join();
    }
}
