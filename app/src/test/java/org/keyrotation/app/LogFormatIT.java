package org.keyrotation.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.keyrotation.model.CredentialId;
import org.keyrotation.model.Json;
import org.keyrotation.sandbox.SandboxBroker;
import org.keyrotation.sandbox.SandboxExtension;
import org.keyrotation.sandbox.SimulatedManagementApi;

/** The log lines of the packaged app and their format. */
@ExtendWith(SandboxExtension.class)
class LogFormatIT {

    @Test
    void plainIsTheDefaultFormatAndOneLineSaysReady(SandboxBroker broker, SimulatedManagementApi api) throws Exception {
        AppFixture fixture = new AppFixture(broker, api);
        try (AppProcess app = fixture.launch().start()) {
            assertThat(app.awaitReady()).contains(ready(fixture, api));
            fixture.request(fixture.credential(1));
            assertThat(app.line("Rotated " + fixture.company)).contains("request of-S2-1");
            assertThat(app.terminate()).isIn(0, 143);
            assertThat(app.lines()).allMatch(line -> line.matches("\\d{4}-\\d\\d-\\d\\dT\\S+Z? +(INFO|WARN) .*"));
        }
    }

    @Test
    void jsonFormatWritesOneObjectPerLineWithTheRequestInFields(SandboxBroker broker, SimulatedManagementApi api)
            throws Exception {
        AppFixture fixture = new AppFixture(broker, api);
        try (AppProcess app = fixture.launch()
                .environment("ROTATION_LOG_FORMAT", "json")
                .environment("ROTATION_LOG_LEVEL", "debug")
                .start()) {
            JsonNode line = Json.mapper().readTree(app.line("\"Ready:"));
            assertThat(line.path("level").asText()).isEqualTo("INFO");
            assertThat(line.path("message").asText()).isEqualTo(ready(fixture, api));
            assertThat(Instant.parse(line.path("@timestamp").asText())).isBefore(Instant.now());
            fixture.request(fixture.credential(1));
            fixture.send("Acme/x", "not\njson");
            fixture.request(new CredentialId(fixture.company, "S2-unknown"));
            fixture.awaitFailureEvents(2);
            JsonNode rotated = Json.mapper().readTree(app.line("Rotated " + fixture.company));
            assertThat(rotated.path("credential").asText()).isEqualTo(fixture.company + "/S2-1");
            assertThat(rotated.path("requestId").asText()).isEqualTo("of-S2-1");
            assertThat(rotated.path("keyFingerprint").asText())
                    .isEqualTo(fixture.awaitKeyEvents(1).get(0).keyFingerprint());
            JsonNode failed = Json.mapper().readTree(app.line("Failed with CREDENTIAL_NOT_FOUND"));
            assertThat(failed.path("credential").asText()).isEqualTo(fixture.company + "/S2-unknown");
            assertThat(failed.path("requestId").asText()).isEqualTo("of-S2-unknown");
            assertThat(failed.path("code").asText()).isEqualTo("CREDENTIAL_NOT_FOUND");
            assertThat(app.terminate()).isIn(0, 143);
            for (String each : app.lines().toList()) {
                assertThat(Json.mapper().readTree(each).isObject()).as(each).isTrue();
            }
            assertThat(app.lines()).anyMatch(each -> each.contains("\"DEBUG\""));
        }
    }

    private static String ready(AppFixture fixture, SimulatedManagementApi api) {
        return "Ready: key-rotation 0.1.0-SNAPSHOT, API %s by vertx-http, requests from %s, keys to %s, failures to %s, satisfied to %s, ledger %s, group %s"
                .formatted(
                        api.baseUrl().getAuthority(),
                        fixture.requests,
                        fixture.keys,
                        fixture.failures,
                        fixture.satisfied,
                        fixture.ledger,
                        fixture.group);
    }
}
