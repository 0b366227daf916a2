package org.keyrotation.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
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
import org.junit.jupiter.params.provider.ValueSource;
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
        assertThat(text.lines().filter(line -> line.startsWith(fixture.company)).limit(4))
                .extracting(line -> line.split(" +", 3)[1])
                .containsExactly("FAILED", "FAILED", "ROTATING", "ACTIVATING");
        assertThat(text.lines().limit(6)).allMatch(line -> line.length() <= 80);
        assertThat(text)
                .contains("\n2 FAILED, 1 ROTATING, 1 ACTIVATING\n")
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
        AppProcess status = ended(0, "status", "-o", "json");
        JsonNode credentials = JsonDocument.of(status, "status-report").path("credentials");
        assertThat(states(credentials).subList(0, 2))
                .containsExactlyInAnyOrder(Map.entry("S2-2", "FAILED"), Map.entry("S2-4", "FAILED"));
        assertThat(states(credentials).subList(2, 5))
                .containsExactly(
                        Map.entry("S2-3", "ROTATING"), Map.entry("S2-5", "ROTATING"), Map.entry("S2-1", "ACTIVATING"));
        assertThat(credentials)
                .extracting(each -> each.at("/lastFailure/code").asText())
                .contains("FORBIDDEN", "CREDENTIAL_NOT_FOUND");
        assertThat(credentials.at("/2/open/deferrals").asInt()).isEqualTo(1);
        assertThat(credentials.at("/4/keyFingerprint").asText())
                .isEqualTo(fixture.keyEvents().get(0).keyFingerprint());
        AppProcess failures = ended(0, "failures", "-o", "json");
        assertThat(JsonDocument.of(failures, "failures-report").path("failures"))
                .extracting(failure -> "%s %s %d"
                        .formatted(
                                failure.path("apiCredentialId").asText(),
                                failure.path("code").asText(),
                                failure.path("inARow").asInt()))
                .containsExactlyInAnyOrder("S2-2 FORBIDDEN 1", "S2-4 CREDENTIAL_NOT_FOUND 1", " MALFORMED_REQUEST 1");
        return status.output() + failures.output();
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

        AppProcess scheduled = ended(scheduled("status", "-o", "json"), 0);
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
        AppProcess unscheduled = ended(0, "status", "--state", "fresh");
        assertThat(unscheduled.lines()).contains("3 FRESH").noneMatch(line -> line.contains("DUE"));
        AppProcess one = ended(scheduled("status", fixture.company + "/S2-9"), 0);
        assertThat(one.lines()).contains("State%s  UNKNOWN".formatted(" ".repeat(fixture.company.length())));
        assertThat(broker.topics().names()).doesNotContain(fixture.requests, fixture.failures, fixture.satisfied);
    }

    @ParameterizedTest
    @ValueSource(strings = {"status", "failures"})
    void aCommandThatFailsPrintsItsDocumentWithTheProblem(String command) throws Exception {
        broker.createTopic(fixture.ledger, 1, Map.of("cleanup.policy", "compact"));
        broker.topics()
                .send(
                        fixture.ledger,
                        "$control".getBytes(UTF_8),
                        "{\"revision\":1,\"apiHost\":\"management-live.adyen.com\"}".getBytes(UTF_8));
        assertFailed(launch(command, "-o", "json"), 2, command, "Wrong configuration: Ledger " + fixture.ledger);
        assertFailed(
                launch(command, "--company", "no company", "-o", "json"),
                2,
                command,
                "Wrong usage: argument --company: invalid value 'no company'");
        assertFailed(
                launch(command, "-o", "json").property("camel.component.kafka.brokers", "127.0.0.1:1"),
                1,
                command,
                "Kafka at 127.0.0.1:1");
    }

    private static void assertFailed(AppProcess.Launch launch, int status, String command, String problem)
            throws Exception {
        AppProcess app = ended(launch, status);
        JsonNode document = JsonDocument.of(app, command + "-report");
        assertThat(document.path("problems")).singleElement().satisfies(text -> assertThat(text.asText())
                .startsWith(problem));
        assertThat(app.errors()).singleElement().asString().startsWith(problem);
    }

    private String run(Object... arguments) {
        AppProcess command = ended(0, arguments);
        assertThat(command.errors()).isEmpty();
        return command.output();
    }

    private AppProcess ended(int status, Object... arguments) {
        return ended(launch(arguments), status);
    }

    /** Returns the process after it has ended with this status. */
    private static AppProcess ended(AppProcess.Launch launch, int status) {
        try (AppProcess command = launch.start()) {
            assertThat(command.exit()).as("%s", command).isEqualTo(status);
            return command;
        }
    }

    private AppProcess.Launch launch(Object... arguments) {
        return fixture.launch().arguments(arguments);
    }

    private AppProcess.Launch scheduled(Object... arguments) {
        return launch(arguments)
                .property("rotation.schedule.companies", fixture.company)
                .property("rotation.schedule.spread", "PT0S");
    }

    private void ledger(String id, String fields) {
        if (!broker.topics().names().contains(fixture.ledger)) {
            broker.createTopic(fixture.ledger, 1, Map.of("cleanup.policy", "compact"));
        }
        String entry = "{\"revision\":1,\"firstSeenAt\":\"2026-01-01T00:00:00Z\",%s}".formatted(fields);
        broker.topics().send(fixture.ledger, (fixture.company + "/" + id).getBytes(UTF_8), entry.getBytes(UTF_8));
    }

    private static List<Map.Entry<String, String>> states(JsonNode credentials) {
        List<Map.Entry<String, String>> states = new ArrayList<>();
        credentials.forEach(status -> states.add(Map.entry(
                status.path("apiCredentialId").asText(), status.path("state").asText())));
        return states;
    }
}
