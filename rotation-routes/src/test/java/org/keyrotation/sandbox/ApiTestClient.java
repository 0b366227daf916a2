package org.keyrotation.sandbox;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.CompletableFuture;

/** A plain client of the simulated API. It neither retries nor follows redirects. */
final class ApiTestClient {

    static final String COMPANY = "AcmeCorp";
    static final String CREDENTIAL = "S2-62";
    static final String LIST = "/companies/" + COMPANY + "/apiCredentials";
    static final String READ = LIST + "/" + CREDENTIAL;
    static final String GENERATE = READ + "/generateClientKey";

    private final HttpClient http = HttpClient.newHttpClient();
    private final SimulatedManagementApi api;

    private ApiTestClient(SimulatedManagementApi api) {
        this.api = api;
    }

    /** Adds one credential to the API. */
    static ApiTestClient of(SimulatedManagementApi api) {
        api.addCredential(COMPANY, CREDENTIAL);
        return new ApiTestClient(api);
    }

    HttpResponse<String> get(String path, String... headers) throws IOException, InterruptedException {
        return send(request(path).GET(), headers);
    }

    HttpResponse<String> post(String path, String... headers) throws IOException, InterruptedException {
        return send(request(path).POST(BodyPublishers.noBody()), headers);
    }

    /** Calls generateClientKey with the API key of the user that may access all companies. */
    HttpResponse<String> generate(String... headers) throws IOException, InterruptedException {
        return send(request(GENERATE).POST(BodyPublishers.noBody()).header("X-API-Key", api.apiKey()), headers);
    }

    HttpResponse<String> read(String path) throws IOException, InterruptedException {
        return get(path, "X-API-Key", api.apiKey());
    }

    CompletableFuture<HttpResponse<String>> generating(String... headers) {
        HttpRequest.Builder request = request(GENERATE).POST(BodyPublishers.noBody());
        return http.sendAsync(
                with(request.header("X-API-Key", api.apiKey()), headers).build(), BodyHandlers.ofString());
    }

    HttpResponse<String> send(HttpRequest.Builder request, String... headers) throws IOException, InterruptedException {
        return http.send(with(request, headers).build(), BodyHandlers.ofString());
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(api.baseUrl() + path));
    }

    private static HttpRequest.Builder with(HttpRequest.Builder request, String... headers) {
        return headers.length == 0 ? request : request.headers(headers);
    }
}
