package org.keyrotation.app.command;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import org.keyrotation.model.Json;

/** Asks the readiness endpoint of the service on this machine, and nothing else. */
final class LocalCheck {

    private static final String READY = "ready";
    private static final Duration TIMEOUT = Duration.ofSeconds(8);

    private final URI readiness;
    private final Checks checks;

    LocalCheck(URI readiness, Checks checks) {
        this.readiness = readiness;
        this.checks = checks;
    }

    void run() throws InterruptedException {
        HttpClient client = HttpClient.newBuilder()
                .connectTimeout(TIMEOUT)
                .proxy(HttpClient.Builder.NO_PROXY)
                .build();
        HttpRequest request = HttpRequest.newBuilder(readiness).timeout(TIMEOUT).build();
        try {
            evaluate(client.send(request, BodyHandlers.ofString()));
        } catch (IOException e) {
            checks.failed(
                    READY,
                    "%s does not answer (%s)".formatted(readiness, e.getClass().getSimpleName()));
        }
    }

    private void evaluate(HttpResponse<String> response) throws IOException {
        if (response.statusCode() == 200) {
            checks.ok(READY, readiness.toString());
        } else if (response.statusCode() == 503) {
            for (JsonNode check : Json.mapper().readTree(response.body()).path("checks")) {
                if (!check.path("status").asText().equals("UP")) {
                    checks.failed(
                            check.path("name").asText(), check.path("message").asText());
                }
            }
            if (!checks.haveFailed()) { // camel.health.exposure-level can hide all but the status
                checks.failed(READY, readiness + " answered 503, without a reason");
            }
        } else {
            checks.failed(READY, "%s answered %d, expected 200 or 503".formatted(readiness, response.statusCode()));
        }
    }
}
