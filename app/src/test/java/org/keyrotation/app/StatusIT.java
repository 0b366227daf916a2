package org.keyrotation.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.keyrotation.model.CredentialId;
import org.keyrotation.sandbox.Fault;
import org.keyrotation.sandbox.SandboxBroker;
import org.keyrotation.sandbox.SandboxExtension;
import org.keyrotation.sandbox.SimulatedManagementApi;

/** The commands {@code status} and {@code failures} of the packaged app. */
@ExtendWith(SandboxExtension.class)
@Execution(ExecutionMode.CONCURRENT)
class StatusIT {

    private SandboxBroker broker;
    private SimulatedManagementApi api;
    private AppFixture fixture;

    @BeforeEach
    void setUp(SandboxBroker shared, SimulatedManagementApi fresh) throws Exception {
        broker = shared;
        api = fresh;
        fixture = new AppFixture(shared, fresh);
    }

    @Tag("I6")
    @Test
    void statusAndFailuresShowWhatNeedsAPersonFirstAndNoKey() throws Exception {
        CredentialId rotated = fixture.credential(1);
        CredentialId failed = fixture.credential(2);
        CredentialId deferred = fixture.credential(3);
        CredentialId unknown = new CredentialId(fixture.company, "S2-4");
        api.faults().failNext(fixture.company, "S2-2", Fault.status(403));
        api.faults().failNext(fixture.company, "S2-3", unavailable(10));
        String text;
        String json;
        try (AppProcess service =
                fixture.launch().property("rotation.retry.delays", "PT1H").start()) {
            service.awaitReady();
            for (CredentialId credential : List.of(rotated, failed, deferred, unknown)) {
                fixture.request(credential);
            }
            fixture.send("no key of a credential", "no request");
            fixture.awaitFailureEvents(3);
            fixture.awaitAllCommitted();
            sendForeignRecords(fixture.failures);
            text = run("status") + run("status", failed) + run("failures");
        }
        fixture.request(fixture.credential(5)); // stays open, and is of no credential that the ledger knows
        json = json();
        assertThat(text.lines().filter(line -> line.startsWith(fixture.company)).limit(3))
                .extracting(line -> line.split(" +", 3)[1])
                .containsExactly("FAILED", "ROTATING", "ACTIVATING");
        assertThat(text.lines().limit(6)).allMatch(line -> line.length() <= 80);
        assertThat(text)
                .contains("\n1 FAILED, 1 ROTATING, 1 ACTIVATING\n")
                .contains("deferred once: The API answered")
                .contains("requested   request of-S2-2", "failed      FORBIDDEN: The API answered 403")
                .containsPattern("\\(%s-\\d-\\d+\\) +MALFORMED_REQUEST".formatted(fixture.requests))
                .containsPattern(unknown + " +CREDENTIAL_NOT_FOUND");
        String key = api.truth().currentKey(fixture.company, "S2-1");
        assertThat(text + json).isNotEmpty().doesNotContain(key);
    }

    /** A command must skip what is no failure: anyone can write to a topic. */
    private void sendForeignRecords(String topic) {
        for (String foreign : List.of("null", "{", "[]", "{\"code\":\"NEW_CODE\"}")) {
            broker.topics().send(topic, "a key".getBytes(UTF_8), foreign.getBytes(UTF_8));
        }
        broker.topics().send(topic, "a key".getBytes(UTF_8), null);
    }

    private static Fault[] unavailable(int times) {
        return Stream.generate(() -> Fault.status(503)).limit(times).toArray(Fault[]::new);
    }

    private String json() throws Exception {
        try (AppProcess status = start("status", "-o", "json");
                AppProcess failures = start("failures", "-o", "json")) {
            assertThat(status.exit()).as("%s", status).isZero();
            JsonNode credentials = JsonDocument.of(status, "status-report").path("credentials");
            assertThat(states(credentials))
                    .containsExactly(
                            Map.entry("S2-2", "FAILED"),
                            Map.entry("S2-3", "ROTATING"),
                            Map.entry("S2-5", "ROTATING"),
                            Map.entry("S2-1", "ACTIVATING"));
            assertThat(credentials.at("/0/lastFailure/code").asText()).isEqualTo("FORBIDDEN");
            assertThat(credentials.at("/1/open/deferrals").asInt()).isEqualTo(1);
            assertThat(credentials.at("/3/keyFingerprint").asText())
                    .isEqualTo(fixture.keyEvents().get(0).keyFingerprint());
            assertThat(failures.exit()).as("%s", failures).isZero();
            assertThat(JsonDocument.of(failures, "failures-report").path("failures"))
                    .extracting(failure -> "%s %s %d"
                            .formatted(
                                    failure.path("apiCredentialId").asText(),
                                    failure.path("code").asText(),
                                    failure.path("inARow").asInt()))
                    .containsExactlyInAnyOrder(
                            "S2-2 FORBIDDEN 1", "S2-4 CREDENTIAL_NOT_FOUND 1", " MALFORMED_REQUEST 1");
            return status.output() + failures.output();
        }
    }

    /** Nothing is rotated here: the ledger is written by hand, and the other topics do not exist. */
    @Test
    void statusFollowsFromTheLedgerAndTheScheduleAlone() throws Exception {
        Instant now = Instant.now();
        ledger("S2-1", "\"lastRotationAt\":\"%s\"".formatted(now.minus(Duration.ofDays(92))));
        ledger("S2-2", "\"lastRotationAt\":\"%s\"".formatted(now.minus(Duration.ofHours(90 * 24 + 1))));
        ledger("S2-3", "\"lastRotationAt\":\"%s\"".formatted(now.minus(Duration.ofDays(80))));
        ledger(
                "S2-4",
                "\"lastRotationAt\":\"%s\",\"lastKey\":{\"fingerprint\":\"sha256:9f86d081884c7d65\",\"usableFrom\":\"%s\",\"previousKeyExpiresAt\":\"%s\"}"
                        .formatted(
                                now.minus(Duration.ofHours(1)),
                                now.minus(Duration.ofMinutes(55)),
                                now.plus(Duration.ofHours(23))));
        ledger(
                "S2-5",
                "\"failures\":{\"inARow\":2,\"requestId\":\"gone\",\"failedAt\":\"%s\"}"
                        .formatted(now.minus(Duration.ofDays(30))));

        try (AppProcess scheduled = scheduled("status", "-o", "json");
                AppProcess one = scheduled("status", fixture.company + "/S2-9");
                AppProcess unscheduled = start("status", "--state", "fresh")) {
            assertThat(scheduled.exit()).as("%s", scheduled).isZero();
            JsonNode credentials = JsonDocument.of(scheduled, "status-report").path("credentials");
            assertThat(states(credentials))
                    .containsExactly(
                            Map.entry("S2-5", "FAILED"),
                            Map.entry("S2-1", "OVERDUE"),
                            Map.entry("S2-4", "OVERLAP"),
                            Map.entry("S2-2", "DUE"),
                            Map.entry("S2-3", "FRESH"));
            assertThat(credentials.get(0).path("lastFailure").fieldNames())
                    .toIterable()
                    .containsExactly("requestId", "failedAt", "inARow");
            assertThat(one.exit()).as("%s", one).isZero();
            assertThat(one.lines()).contains("State%s  UNKNOWN".formatted(" ".repeat(fixture.company.length())));
            assertThat(unscheduled.exit()).as("%s", unscheduled).isZero();
            assertThat(unscheduled.lines()).contains("3 FRESH").doesNotContain("DUE");
        }
        assertThat(broker.topics().names()).doesNotContain(fixture.requests, fixture.failures, fixture.satisfied);
    }

    @ParameterizedTest
    @CsvSource({"status, credentials", "failures, failures"})
    void aCommandThatFailsPrintsItsDocumentWithTheProblem(String command, String list) throws Exception {
        broker.createTopic(fixture.ledger, 1, Map.of("cleanup.policy", "compact"));
        broker.topics()
                .send(
                        fixture.ledger,
                        "$control".getBytes(UTF_8),
                        "{\"revision\":1,\"apiHost\":\"management-live.adyen.com\"}".getBytes(UTF_8));
        try (AppProcess otherApi = start(command, "-o", "json");
                AppProcess wrongUsage = start(command, "--company", "no company", "-o", "json");
                AppProcess noBrokers = fixture.launch()
                        .property("camel.component.kafka.brokers", "127.0.0.1:1")
                        .arguments(command, "-o", "json")
                        .start()) {
            assertFailed(
                    otherApi, 2, command, list, "Wrong configuration: Ledger " + fixture.ledger + " is of the API");
            assertFailed(wrongUsage, 2, command, list, "Wrong usage: argument --company: invalid value 'no company'");
            assertFailed(noBrokers, 1, command, list, "Kafka at 127.0.0.1:1");
        }
    }

    private static void assertFailed(AppProcess app, int status, String command, String list, String problem)
            throws Exception {
        assertThat(app.exit()).as("%s", app).isEqualTo(status);
        JsonNode document = JsonDocument.of(app, command + "-report");
        assertThat(document.path(list)).isEmpty();
        assertThat(document.path("problems")).singleElement().satisfies(text -> assertThat(text.asText())
                .startsWith(problem));
        assertThat(app.errors()).singleElement().asString().startsWith(problem);
    }

    private String run(Object... arguments) {
        try (AppProcess command = start(arguments)) {
            assertThat(command.exit()).as("%s", command).isZero();
            assertThat(command.errors()).isEmpty();
            return command.output();
        }
    }

    private AppProcess start(Object... arguments) {
        return fixture.launch().arguments(arguments).start();
    }

    private AppProcess scheduled(Object... arguments) {
        return fixture.launch()
                .property("rotation.schedule.companies", fixture.company)
                .property("rotation.schedule.spread", "PT0S")
                .arguments(arguments)
                .start();
    }

    private void ledger(String id, String fields) {
        if (!broker.topics().names().contains(fixture.ledger)) {
            broker.createTopic(fixture.ledger, 1, Map.of("cleanup.policy", "compact"));
        }
        String entry = "{\"revision\":1,\"firstSeenAt\":\"2026-01-01T00:00:00Z\",%s}".formatted(fields);
        broker.topics().send(fixture.ledger, (fixture.company + "/" + id).getBytes(UTF_8), entry.getBytes(UTF_8));
    }

    private static Map<String, String> states(JsonNode credentials) {
        Map<String, String> states = new LinkedHashMap<>();
        credentials.forEach(status -> states.put(
                status.path("apiCredentialId").asText(), status.path("state").asText()));
        return states;
    }
}
