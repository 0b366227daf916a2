package org.keyrotation.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.keyrotation.model.ClientKeyRotated;
import org.keyrotation.model.CredentialId;
import org.keyrotation.model.RotationRequest;
import org.keyrotation.sandbox.Fault;
import org.keyrotation.sandbox.SandboxBroker;
import org.keyrotation.sandbox.SandboxExtension;
import org.keyrotation.sandbox.SimulatedManagementApi;

/** The commands rotate and replay of the packaged app, beside a service. */
@ExtendWith(SandboxExtension.class)
@Execution(ExecutionMode.CONCURRENT)
class RotateIT {

    private static final String SCHEMA = "requests-report";
    private static final int FLEET = 300;

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
    void companyIsRotatedAndWhatFailedIsReplayed() throws Exception {
        fixture.credentials(FLEET);
        IntStream.rangeClosed(1, 30)
                .forEach(id -> api.faults().failNext(fixture.company, "S2-" + id, Fault.status(403)));

        try (AppProcess service = fixture.launch().start()) {
            service.awaitReady();
            try (AppProcess rotate = rotateCompany("--force", "--yes", "--wait", "--requested-by", "alice")) {
                assertThat(rotate.exit()).isEqualTo(1);
                assertThat(rotate.lines().skip(1).limit(30)).allMatch(line -> line.contains("  failed   FORBIDDEN: "));
                assertThat(lastLine(rotate)).isEqualTo("30 failed, 270 rotated");
                assertThatNoKeyIsIn(rotate);
            }
            try (AppProcess failures = command("failures", "--company", fixture.company, "-o", "json")) {
                assertThat(failures.exit()).isZero();
                assertThat(JsonDocument.of(failures, "failures-report").at("/failures"))
                        .hasSize(30);
            }
            try (AppProcess small = command("replay", "--limit", "29")) {
                assertThat(small.exit()).isEqualTo(4);
            }
            try (AppProcess replay = command("replay", "--code", "FORBIDDEN", "--wait", "-o", "json")) {
                assertThat(replay.exit()).isZero();
                JsonNode document = JsonDocument.of(replay, SCHEMA);
                assertThat(document.at("/requests"))
                        .hasSize(30)
                        .allMatch(request -> request.path("outcome").asText().equals("rotated"));
                assertThatNoKeyIsIn(replay);
            }
            try (AppProcess rotate = rotateCompany("--force", "--yes", "--wait")) {
                assertThat(rotate.exit()).isZero();
                assertThat(lastLine(rotate)).isEqualTo("300 rotated");
            }
        }
        assertThat(api.truth().totalGenerations()).isEqualTo(2 * FLEET);
        assertThat(fixture.keyEvents())
                .filteredOn(event -> event.credential().apiCredentialId().equals("S2-1"))
                .extracting(ClientKeyRotated::reason)
                .hasSize(2)
                .anyMatch(reason -> String.valueOf(reason).matches("replay of \\S{36}: drill"));
        assertThat(fixture.keyEvents())
                .extracting(ClientKeyRotated::requestedBy)
                .contains("alice");
    }

    @Tag("I1")
    @Tag("I2")
    @Test
    void outcomesAreRightAfterTheServiceWasKilled() throws Exception {
        fixture.credentials(FLEET);
        api.latency(Duration.ofMillis(200));
        // More than one each: the killed service may have had an answer that it did not record.
        Fault[] faults = Collections.nCopies(5, Fault.status(403)).toArray(Fault[]::new);
        IntStream.rangeClosed(1, 20).forEach(id -> api.faults().failNext(fixture.company, "S2-" + id * 10, faults));

        try (AppProcess first = serviceWithShortTimeouts()) {
            first.awaitReady();
            try (AppProcess rotate = rotateCompany("--wait")) {
                Awaitility.await("some of the rotations are in flight")
                        .atMost(Duration.ofMinutes(3))
                        .until(() -> api.generateRequests().size() > FLEET / 3);
                first.kill();
                try (AppProcess second = serviceWithShortTimeouts()) {
                    assertThat(rotate.exit()).isEqualTo(1);
                    assertThat(lastLine(rotate)).isEqualTo("20 failed, 280 rotated");
                    assertThat(outcomes(rotate)).hasSize(FLEET).allSatisfy((credential, outcome) -> assertThat(
                                    api.truth().generations(credential.companyId(), credential.apiCredentialId()))
                            .hasSize(outcome.equals("rotated") ? 1 : 0));
                    assertThat(second.lines()).isNotEmpty();
                }
            }
        }
    }

    @Test
    void stopWhileWaitingKeepsTheRequestsAndSaysHowToLookAtThem() throws Exception {
        CredentialId credential = fixture.credential(1);
        createTopics();

        try (AppProcess rotate = command("rotate", credential, "--reason", "leak", "--wait")) {
            Awaitility.await("it waits for a service")
                    .atMost(Duration.ofMinutes(3))
                    .until(() -> rotate.errors()
                            .anyMatch(("No instance of group " + fixture.group
                                    + " is running: the requests wait until one is")::equals));
            assertThat(rotate.terminate()).isEqualTo(143);
            assertThat(rotate.errors())
                    .contains(
                            "Interrupted. What was requested stays requested. To see what becomes of them: key-rotation"
                                    + " status " + credential);
        }
        assertThat(requests()).singleElement().satisfies(request -> {
            assertThat(request.credential()).isEqualTo(credential);
            assertThat(request.reason()).isEqualTo("leak");
            assertThat(request.requestedBy()).isEqualTo(System.getProperty("user.name"));
            assertThat(request.force()).isFalse();
        });
    }

    @Test
    void ctrlCAtATerminalEndsTheWaitAndKeepsTheRequests() throws Exception {
        CredentialId credential = fixture.credential(1);
        createTopics();

        try (AppProcess rotate = fixture.launch()
                .arguments("rotate", credential, "--reason", "leak", "--wait")
                .onTerminal()
                .start()) {
            rotate.line("No instance of group " + fixture.group + " is running");
            rotate.send("\u0003");
            assertThat(rotate.exit()).as(rotate.toString()).isEqualTo(130);
            assertThat(rotate.output())
                    .contains(
                            "Interrupted. What was requested stays requested. To see what becomes of them: key-rotation"
                                    + " status " + credential)
                    .contains("1 open");
        }
        assertThat(requests()).hasSize(1);
    }

    @Test
    void ctrlCAtTheQuestionRequestsNothing() throws Exception {
        CredentialId credential = fixture.credential(1);
        createTopics();

        try (AppProcess rotate = fixture.launch()
                .arguments("rotate", credential, "--reason", "leak", "--force")
                .onTerminal()
                .start()) {
            rotate.line("1 forced rotation at ");
            rotate.send("\u0003");
            assertThat(rotate.exit()).as(rotate.toString()).isEqualTo(130);
            assertThat(rotate.output()).contains("Interrupted. Nothing was requested.");
        }
        assertThat(requests()).isEmpty();
    }

    @Test
    void requestsThatAreOpenAtTheTimeoutExitWithThree() throws Exception {
        createTopics();
        try (AppProcess rotate =
                command("rotate", fixture.credential(1), "--reason", "leak", "--wait=PT1S", "-o", "json")) {
            assertThat(rotate.exit()).isEqualTo(3);
            JsonNode document = JsonDocument.of(rotate, SCHEMA);
            assertThat(document.at("/requests/0/outcome").asText()).isEqualTo("open");
            assertThat(document.at("/requests/0/detail").asText()).isEqualTo("queued or in flight");
        }
    }

    @Test
    void forceNeedsAConfirmation() throws Exception {
        fixture.credentials(7);
        createTopics();
        try (AppProcess rotate = rotateCompany("--force", "-o", "json")) {
            assertThat(rotate.exit()).isEqualTo(4);
            assertThat(rotate.errors())
                    .containsExactly(
                            "7 forced rotations at 127.0.0.1:",
                            "  " + fixture.company + "/S2-1",
                            "  " + fixture.company + "/S2-2",
                            "  " + fixture.company + "/S2-3",
                            "  " + fixture.company + "/S2-4",
                            "  " + fixture.company + "/S2-5",
                            "  and 2 more",
                            "Not confirmed: no terminal to confirm at, expected --yes; nothing was requested");
            assertThat(JsonDocument.of(rotate, SCHEMA).at("/requests")).isEmpty();
        }
        assertThat(requests()).isEmpty();
    }

    @Test
    void dryRunShowsWhatItWouldRequest() throws Exception {
        fixture.credentials(3);
        api.setActive(fixture.company, "S2-2", false);
        createTopics();
        try (AppProcess rotate = rotateCompany("--force", "--dry-run", "--match", "S2-?")) {
            assertThat(rotate.exit()).isZero();
            assertThat(rotate.lines().skip(1))
                    .containsExactly(
                            fixture.company + "/S2-1  drill",
                            fixture.company + "/S2-3  drill",
                            "2 forced rotations at 127.0.0.1.",
                            "Nothing was requested.");
        }
        assertThat(requests()).isEmpty();
    }

    @Test
    void eachBadLineOfAFileIsReportedAndNothingIsRequested(@TempDir Path directory) throws Exception {
        createTopics();
        Path file = directory.resolve("list.txt");
        Files.writeString(file, "\uFEFF# list\r\n\r\nA/1\r\nbad\r\nA/2\r\nA/1 x\r\n");
        try (AppProcess rotate = command("rotate", "--file", file, "--reason", "drill", "-o", "json")) {
            assertThat(rotate.exit()).isEqualTo(2);
            List<String> problems = List.of(
                    file + ", line 4: invalid target 'bad', expected companyId/apiCredentialId",
                    file + ", line 6: invalid target 'A/1 x', expected companyId/apiCredentialId");
            assertThat(rotate.errors()).containsExactlyElementsOf(problems);
            JsonNode document = JsonDocument.of(rotate, SCHEMA);
            assertThat(document.at("/problems")).map(JsonNode::asText).containsExactlyElementsOf(problems);
        }
        assertThat(requests()).isEmpty();
    }

    @Test
    void ledgerOfAnotherApiIsRefused() throws Exception {
        createTopics();
        broker.topics()
                .send(
                        fixture.ledger,
                        "$control".getBytes(UTF_8),
                        "{\"revision\":1,\"apiHost\":\"management-live.adyen.com\"}".getBytes(UTF_8));
        try (AppProcess rotate = command("rotate", "A/1", "--reason", "drill")) {
            assertThat(rotate.exit()).isEqualTo(2);
            assertThat(rotate.errors())
                    .singleElement()
                    .asString()
                    .startsWith("Wrong configuration: Ledger " + fixture.ledger + " is of the API at management-live");
        }
        assertThat(requests()).isEmpty();
    }

    @Test
    void topicThatDoesNotExistIsNotCreated() throws Exception {
        try (AppProcess rotate = command("rotate", "A/1", "--reason", "drill")) {
            assertThat(rotate.exit()).isEqualTo(1);
            assertThat(rotate.errors())
                    .containsExactly("Topic " + fixture.requests
                            + " does not exist, expected that the service has created it; nothing was requested");
        }
        assertThat(broker.topics().names()).doesNotContain(fixture.requests, fixture.ledger);
    }

    @Test
    void companyWithoutActiveCredentialsIsAFailureAndAGlobThatMatchesNoneIsWrongUsage() throws Exception {
        createTopics();
        try (AppProcess rotate = rotateCompany()) {
            assertThat(rotate.exit()).isEqualTo(1);
            assertThat(rotate.errors())
                    .containsExactly("The API lists no active credentials of company " + fixture.company
                            + ": nothing was requested");
        }
        fixture.credential(1);
        try (AppProcess rotate = rotateCompany("--match", "S3-*")) {
            assertThat(rotate.exit()).isEqualTo(2);
            assertThat(rotate.errors())
                    .singleElement()
                    .asString()
                    .startsWith("Wrong usage: argument --match: 'S3-*' matches none of the 1 active credentials");
        }
        assertThat(requests()).isEmpty();
    }

    @Test
    void replayOfUnknownUnreadableAndFollowedRequests() throws Exception {
        CredentialId credential = fixture.credential(1);
        api.faults().failNext(Fault.status(403));
        try (AppProcess service = fixture.launch().start()) {
            service.awaitReady();
            fixture.send("any", "{");
            fixture.request(credential);
            fixture.awaitFailureEvents(2);
            fixture.awaitAllCommitted();
            try (AppProcess unknown = command("replay", "no-such-request")) {
                assertThat(unknown.exit()).isEqualTo(2);
                assertThat(unknown.errors())
                        .singleElement()
                        .asString()
                        .contains("topic " + fixture.failures + " has no failure of request 'no-such-request'");
            }
            try (AppProcess both = command("replay", "--wait")) {
                assertThat(both.exit()).isZero();
                assertThat(both.errors())
                        .anyMatch(line -> line.matches("The request at " + fixture.requests
                                + "-\\d+-0 could not be read, so that its credential is unknown: not requested"));
                assertThat(outcomes(both)).isEqualTo(Map.of(credential, "rotated"));
            }
            try (AppProcess followed = command("replay", "of-S2-1")) {
                assertThat(followed.exit()).isZero();
                assertThat(followed.lines()).containsExactly("Nothing was requested.");
                assertThat(followed.errors())
                        .containsExactly("A key has followed request of-S2-1 of " + credential + ": not requested");
            }
        }
        assertThat(api.truth().totalGenerations()).isEqualTo(1);
    }

    /** The topics of a service that is not running. */
    private void createTopics() {
        broker.createTopic(fixture.ledger, 1, Map.of("cleanup.policy", "compact"));
        Stream.of(fixture.requests, fixture.failures, fixture.satisfied, fixture.keys)
                .forEach(topic -> broker.createTopic(topic, 4, Map.of()));
        IntStream.rangeClosed(1, 3)
                .forEach(number -> broker.createTopic(fixture.retryPrefix + "." + number, 4, Map.of()));
    }

    private AppProcess rotateCompany(Object... arguments) {
        return command(Stream.concat(
                        Stream.of("rotate", "--company", fixture.company, "--reason", "drill"), Stream.of(arguments))
                .toArray());
    }

    private AppProcess command(Object... arguments) {
        return fixture.launch().arguments(arguments).start();
    }

    /** The session ends, and the lease of a rotation, soon after the service was killed. */
    private AppProcess serviceWithShortTimeouts() {
        return fixture.launch()
                .property("camel.component.kafka.session-timeout-ms", 6_000)
                .property("camel.component.kafka.heartbeat-interval-ms", 1_000)
                .property("rotation.api.connect-timeout", "PT1S")
                .property("rotation.api.response-timeout", "PT2S")
                .property("rotation.retry.delays", "PT1S,PT2S,PT3S")
                .start();
    }

    private List<RotationRequest> requests() {
        return broker.topics().readAll(fixture.requests).stream()
                .map(polled -> RotationRequest.read(polled.value()))
                .toList();
    }

    /** The outcome of each credential in the printed table. */
    private Map<CredentialId, String> outcomes(AppProcess command) {
        return command.lines()
                .filter(line -> line.startsWith(fixture.company))
                .map(line -> line.split(" +", 3))
                .collect(Collectors.toMap(cells -> CredentialId.parse(cells[0]), cells -> cells[1]));
    }

    private static String lastLine(AppProcess command) {
        return command.lines().reduce("", (earlier, later) -> later);
    }

    private void assertThatNoKeyIsIn(AppProcess command) throws IOException {
        String output = command.output();
        assertThat(fixture.keyEvents())
                .isNotEmpty()
                .noneMatch(event -> output.contains(event.clientKey().value()));
        assertThat(output).doesNotContain(api.apiKey());
    }
}
