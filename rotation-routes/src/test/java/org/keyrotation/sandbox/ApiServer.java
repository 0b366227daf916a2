package org.keyrotation.sandbox;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.PfxOptions;
import java.net.URI;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The HTTP or HTTPS server of the simulated API: one event loop, on loopback, HTTP/1.1. */
final class ApiServer implements AutoCloseable {

    private static final String LOOPBACK = "127.0.0.1";
    private static final long DELAY_MILLIS = 1_000;

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

    /** @param tls the stores of an https server, or null for http */
    ApiServer(int port, @Nullable TlsStores tls, Dispatcher dispatcher, RequestLog log, Latency latency) {
        this.dispatcher = dispatcher;
        this.log = log;
        this.latency = latency;
        HttpServer server = vertx.createHttpServer(options(tls)
                .setHost(LOOPBACK)
                .setPort(port)
                .setAcceptBacklog(4096)
                // Faults close or reset the TCP connection, so each call in flight needs a connection of its own.
                .setHttp2ClearTextEnabled(false));
        try {
            await(server.requestHandler(this::onRequest).listen());
        } catch (RuntimeException e) {
            close();
            throw e;
        }
        this.baseUrl =
                URI.create((tls == null ? "http://" : "https://") + LOOPBACK + ":" + server.actualPort() + "/v3");
    }

    private static HttpServerOptions options(@Nullable TlsStores tls) {
        return tls == null
                ? new HttpServerOptions()
                : new HttpServerOptions()
                        .setSsl(true)
                        .setKeyCertOptions(store(tls.serverKeyStore()))
                        .setTrustOptions(store(tls.serverTrustStore()))
                        .setClientAuth(ClientAuth.REQUIRED);
    }

    private static PfxOptions store(Path file) {
        return new PfxOptions().setPath(file.toString()).setPassword(TlsStores.PASSWORD);
    }

    URI baseUrl() {
        return baseUrl;
    }

    private void onRequest(HttpServerRequest httpRequest) {
        httpRequest.body().onSuccess(body -> handle(httpRequest, body));
    }

    private void handle(HttpServerRequest httpRequest, Buffer body) {
        ReceivedRequest request = ReceivedRequest.of(httpRequest, body);
        log.received(request);
        httpRequest.response().endHandler(ended -> log.completed(request));
        Supplier<ApiResponse> operation = dispatcher.dispatch(request, baseUrl, this::executeDelayed);
        long millis = latency.next().toMillis();
        if (millis == 0) {
            respond(httpRequest, request, operation);
        } else {
            vertx.setTimer(millis, timer -> respond(httpRequest, request, operation));
        }
    }

    private void executeDelayed(Supplier<ApiResponse> operation) {
        vertx.setTimer(DELAY_MILLIS, timer -> execute(operation));
    }

    private void respond(HttpServerRequest httpRequest, ReceivedRequest request, Supplier<ApiResponse> operation) {
        ApiResponse response = execute(operation);
        log.responded(request, response);
        ResponseWriter.write(response, httpRequest);
    }

    /** Runs the operation. A bug of the sandbox becomes a 500, so that a test fails instead of timing out. */
    private static ApiResponse execute(Supplier<ApiResponse> operation) {
        try {
            return operation.get();
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
