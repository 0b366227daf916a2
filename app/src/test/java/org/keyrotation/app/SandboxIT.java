package org.keyrotation.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.Test;
import org.keyrotation.model.Json;

/** The sandbox, as the README starts it. */
class SandboxIT {

    @Test
    void onceShowsItsRotationsAndEndsWell() {
        try (AppProcess sandbox = sandbox().property("sandbox.once", true).start()) {
            assertThat(sandbox.exit()).isZero();
            assertThat(sandbox.lines().filter(line -> line.startsWith("  rotated  AcmeCorp/S2-000")))
                    .hasSize(5)
                    .allMatch(line ->
                            line.matches(".*new key test_\\S{4}\\.\\.\\.  usable from \\S+  the old one dies \\S+"));
        }
    }

    @Test
    void elseItStaysUpAndTellsHowToGoOn() {
        try (AppProcess sandbox = sandbox().start()) {
            sandbox.line("kcat -P -b ");
            sandbox.line("kafka-console-consumer.sh --bootstrap-server ");
            assertThat(sandbox.terminate()).isEqualTo(143);
        }
    }

    @Test
    void theApiAloneAnswersAsItsScreenSays() throws Exception {
        try (AppProcess sandbox = sandbox()
                .property("sandbox.only", "api")
                .property("sandbox.api.port", ManagementPort.any())
                .start()) {
            URI call = URI.create("%s/companies/%s/apiCredentials/%s/generateClientKey"
                    .formatted(shown(sandbox, "URL"), shown(sandbox, "company"), shown(sandbox, "credential")));
            HttpResponse<String> answer = HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(call)
                                    .POST(BodyPublishers.noBody())
                                    .header("X-API-Key", shown(sandbox, "API key"))
                                    .build(),
                            BodyHandlers.ofString());

            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(Json.mapper().readTree(answer.body()).path("clientKey").asText())
                    .startsWith("test_");
            sandbox.line("POST " + call.getPath() + " -> 200");
        }
    }

    private static AppProcess.Launch sandbox() {
        return AppProcess.ofTestClass(Sandbox.class).property("logback.configurationFile", "logback-sandbox.xml");
    }

    private static String shown(AppProcess sandbox, String name) {
        return sandbox.line("  " + name + "  ").strip().substring(name.length()).strip();
    }
}
