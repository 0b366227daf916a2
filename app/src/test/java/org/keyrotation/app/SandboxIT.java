package org.keyrotation.app;

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

/** The sandbox, as the README starts it. */
class SandboxIT {

    @Test
    void onceShowsItsRotationsAndEndsWellWhateverTheShellHoldsForARealService() {
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
            assertThat(sandbox.lines().filter(line -> line.startsWith("  rotated  AcmeCorp/S2-000")))
                    .hasSize(5)
                    .allMatch(line ->
                            line.matches(".*new key test_\\S{4}\\.\\.\\.  usable from \\S+  the old one dies \\S+"));
        }
    }

    @Test
    void elseItStaysUpAndTellsHowToGoOnAndLeavesNothingBehind(@TempDir Path directory) {
        try (AppProcess sandbox =
                sandbox().property("java.io.tmpdir", directory).start()) {
            sandbox.line("kcat -P -b ");
            sandbox.line("kafka-console-consumer.sh --bootstrap-server ");
            assertThat(directory).isDirectoryContaining("glob:**/sandbox-broker*");
            assertThat(sandbox.terminate()).isEqualTo(143);
            assertThat(directory).isDirectoryNotContaining("glob:**/sandbox-broker*");
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

    @Test
    void theApiAloneSaysSoWhereItsPortIsTaken() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                AppProcess sandbox = sandbox()
                        .property("sandbox.only", "api")
                        .property("sandbox.api.port", taken.getLocalPort())
                        .start()) {
            assertThat(sandbox.exit()).isEqualTo(1);
            assertThat(sandbox.written().strip())
                    .isEqualTo("-Dsandbox.api.port: '" + taken.getLocalPort() + "' is no port that is free");
        }
    }

    @Test
    void itEndsWithWhoeverStartedIt() {
        try (AppProcess starter = AppProcess.ofTestClass(Starter.class).start()) {
            starter.line("  URL  ");
            ProcessHandle sandbox = starter.handle().children().findFirst().orElseThrow();
            starter.handle().destroy();

            try {
                assertThat(sandbox.onExit()).succeedsWithin(AppProcess.LONGEST_STOP);
            } finally {
                sandbox.destroyForcibly();
            }
        }
    }

    /** Hands no signal on, as Maven does. */
    static final class Starter {

        private Starter() {}

        public static void main(String[] args) throws Exception {
            String java = ProcessHandle.current().info().command().orElseThrow();
            new ProcessBuilder(
                            java,
                            "-Dsandbox.only=api",
                            "-Dsandbox.api.port=" + ManagementPort.any(),
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

    private static String shown(AppProcess sandbox, String name) {
        return sandbox.line("  " + name + "  ").strip().substring(name.length()).strip();
    }
}
