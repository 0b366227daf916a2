package org.keyrotation.app.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** A browser that shows the operator's page, which it refreshes every five seconds. */
final class PageVisitor implements AutoCloseable {

    private static final int REFRESH_SECONDS = 5;

    private final HttpClient http = HttpClient.newHttpClient();
    private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor();
    private final List<Double> millis = new CopyOnWriteArrayList<>();
    private final HttpRequest request;

    private PageVisitor(int port) {
        this.request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/"))
                .build();
    }

    static PageVisitor start(int port) {
        PageVisitor visitor = new PageVisitor(port);
        var unused = visitor.executor.scheduleWithFixedDelay(visitor::visit, 1, REFRESH_SECONDS, TimeUnit.SECONDS);
        return visitor;
    }

    private void visit() {
        long startedAt = System.nanoTime();
        try {
            HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
            if (response.statusCode() == 200) {
                millis.add((System.nanoTime() - startedAt) / 1e6);
            }
        } catch (IOException e) {
            // it does not listen yet
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Returns how long each view took. Refusals do not count. */
    double[] millis() {
        return millis.stream().mapToDouble(each -> each).toArray();
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
