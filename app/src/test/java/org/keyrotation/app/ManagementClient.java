package org.keyrotation.app;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.keyrotation.model.Json;

/** A client of the management port of an app on this machine. */
record ManagementClient(int port) {

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        URI uri = URI.create("http://127.0.0.1:" + port + "/observe" + path);
        return HTTP.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
    }

    String metrics() throws IOException, InterruptedException {
        return get("/metrics").body();
    }

    /** The value of a series by its name and labels, as Prometheus prints them. */
    Optional<Double> metric(String series) throws IOException, InterruptedException {
        return metrics()
                .lines()
                .filter(line -> line.startsWith(series + " "))
                .map(line -> Double.valueOf(line.substring(series.length() + 1)))
                .findFirst();
    }

    /** The health status with the HTTP status, for example {@code UP 200}. */
    String status(String path) throws IOException, InterruptedException {
        HttpResponse<String> response = get(path);
        return json(response).path("status").asText() + " " + response.statusCode();
    }

    /** The result of one health check of {@code /health/ready}. */
    JsonNode check(String name) throws IOException, InterruptedException {
        JsonNode checks = json(get("/health/ready")).path("checks");
        return StreamSupport.stream(checks.spliterator(), false)
                .filter(check -> check.path("name").asText().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no check " + name + " in " + checks));
    }

    private static JsonNode json(HttpResponse<String> response) throws IOException {
        return Json.mapper().readTree(response.body());
    }
}
