package org.keyrotation.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.keyrotation.model.Json;
import org.keyrotation.sandbox.Ports;
import org.keyrotation.sandbox.TopicClient;

/** The sandbox, started as the README starts it. */
class SandboxIT {

    @Test
    void oncePrintsItsRotationsAndIgnoresTheEnvironmentOfARealService() {
        try (AppProcess sandbox = sandbox()
                .property("sandbox.once", true)
                .environment("ROTATION_API_BASE_URL", "https://127.0.0.1:1/v3")
                .environment("ROTATION_API_KEY", "of-a-real-service")
                .environment("ROTATION_TOPICS_KEYS", "of-a-real-service")
                .environment("ROTATION_CONFIG", "/nowhere")
                .environment("CAMEL_COMPONENT_KAFKA_BROKERS", "127.0.0.1:1")
                .environment("CAMEL_COMPONENT_KAFKA_SECURITY_PROTOCOL", "SASL_SSL")
                .environment("CAMEL_MANAGEMENT_PORT", "1")
                .environment("CAMEL_MAIN_AUTO_STARTUP", "false")
                .start()) {
            assertThat(sandbox.exit()).isZero();
            assertThat(sandbox.lines().filter(line -> line.startsWith("  rotated    AcmeCorp/S2-000")))
                    .hasSize(5)
                    .allMatch(line -> line.matches(
                            ".*new key test_\\S{4}\\.\\.\\.  usable from \\S+  previous key expires \\S+"));
        }
    }

    @Test
    void otherwiseItPrintsEachOutcomeOnceUntilStoppedAndRemovesItsFiles(@TempDir Path directory) {
        try (AppProcess sandbox =
                sandbox().property("java.io.tmpdir", directory).start()) {
            sandbox.line("kcat -P -b ");
            sandbox.line("kafka-console-consumer.sh --bootstrap-server ");
            assertThat(directory).isDirectoryContaining("glob:**/sandbox-broker*");
            try (TopicClient topics = new TopicClient(exported(sandbox, "CAMEL_COMPONENT_KAFKA_BROKERS"))) {
                topics.send("rotation.requests", null, "{".getBytes(UTF_8));
            }
            sandbox.line("MALFORMED_REQUEST");
            assertThat(sandbox.terminate()).isEqualTo(143);
            assertThat(sandbox.output().lines().filter(line -> line.contains("MALFORMED_REQUEST")))
                    .hasSize(1);
            assertThat(directory).isDirectoryNotContaining("glob:**/sandbox-broker*");
        }
    }

    @Test
    void fleetAndPortsAreThoseOfTheOptionsAndTheSettingsOfTheAppArePrinted() throws Exception {
        int port = Ports.free();
        int apiPort = Ports.free();
        try (AppProcess sandbox = sandbox()
                .property("sandbox.credentials", 7)
                .property("sandbox.companies", 2)
                .property("sandbox.port", port)
                .property("sandbox.api.port", apiPort)
                .start()) {
            assertThat(exported(sandbox, "CAMEL_COMPONENT_KAFKA_BROKERS")).isEqualTo("127.0.0.1:" + port);
            String api = exported(sandbox, "ROTATION_API_BASE_URL");
            assertThat(api).isEqualTo("http://127.0.0.1:" + apiPort + "/v3");
            assertThat(exported(sandbox, "ROTATION_API_KEY")).isEqualTo(SandboxOptions.API_KEY);
            HttpRequest.Builder list = HttpRequest.newBuilder(URI.create(api + "/companies/AcmeCorp2/apiCredentials"));
            assertThat(send(list, SandboxOptions.API_KEY).body()).contains("\"itemsTotal\":3");
            assertThat(sandbox.lines())
                    .contains("The API has 7 credentials; companies: 2. The sandbox requests the first 5.")
                    .filteredOn(line -> line.startsWith("  rotated  "))
                    .hasSize(5);
        }
    }

    @Test
    void apiAloneAnswersAsPrinted() throws Exception {
        try (AppProcess sandbox = sandbox()
                .property("sandbox.only", "api")
                .property("sandbox.api.port", Ports.free())
                .start()) {
            URI call = URI.create("%s/companies/%s/apiCredentials/%s/generateClientKey"
                    .formatted(printed(sandbox, "URL"), printed(sandbox, "company"), printed(sandbox, "credential")));
            HttpResponse<String> response =
                    send(HttpRequest.newBuilder(call).POST(BodyPublishers.noBody()), printed(sandbox, "API key"));

            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(Json.mapper().readTree(response.body()).path("clientKey").asText())
                    .startsWith("test_");
            sandbox.line("POST " + call.getPath() + " -> 200");
        }
    }

    @Test
    void wrongOptionIsOneLineAndExitStatus2() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                AppProcess sandbox = sandbox()
                        .property("sandbox.only", "api")
                        .property("sandbox.api.port", taken.getLocalPort())
                        .start()) {
            assertThat(sandbox.exit()).isEqualTo(2);
            assertThat(sandbox.output().strip())
                    .isEqualTo(
                            "-Dsandbox.api.port: invalid value '" + taken.getLocalPort() + "', expected a free port");
        }
    }

    @Test
    void exitsWithItsParent() {
        try (AppProcess parent = AppProcess.ofTestClass(Parent.class).start()) {
            parent.line("  URL  ");
            ProcessHandle sandbox = parent.handle().children().findFirst().orElseThrow();
            parent.handle().destroy();

            try {
                assertThat(sandbox.onExit()).succeedsWithin(AppProcess.STOP_TIMEOUT);
            } finally {
                sandbox.destroyForcibly();
            }
        }
    }

    /** A parent that does not forward signals, like Maven. */
    static final class Parent {

        private Parent() {}

        public static void main(String[] args) throws Exception {
            String java = ProcessHandle.current().info().command().orElseThrow();
            new ProcessBuilder(
                            java,
                            "-Dsandbox.only=api",
                            "-Dsandbox.api.port=" + Ports.free(),
                            "-classpath",
                            System.getProperty("java.class.path"),
                            Sandbox.class.getName())
                    .inheritIO()
                    .start()
                    .waitFor();
        }
    }

    private static AppProcess.Launch sandbox() {
        return AppProcess.ofTestClass(Sandbox.class).property("logback.configurationFile", "logback-sandbox.xml");
    }

    private static HttpResponse<String> send(HttpRequest.Builder request, String apiKey) throws Exception {
        return HttpClient.newHttpClient()
                .send(request.header("X-API-Key", apiKey).build(), BodyHandlers.ofString());
    }

    private static String exported(AppProcess sandbox, String name) {
        return sandbox.line("    export " + name + "=").split("=", 2)[1];
    }

    private static String printed(AppProcess sandbox, String name) {
        return sandbox.line("  " + name + "  ").strip().substring(name.length()).strip();
    }
}
