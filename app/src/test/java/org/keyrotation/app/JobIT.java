package org.keyrotation.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.keyrotation.model.ClientKeyRotated;
import org.keyrotation.model.CredentialId;
import org.keyrotation.sandbox.Fault;
import org.keyrotation.sandbox.SandboxBroker;
import org.keyrotation.sandbox.SandboxExtension;
import org.keyrotation.sandbox.SimulatedManagementApi;

/** The packaged app as a job: {@code --once} and {@code --plan}. */
@ExtendWith(SandboxExtension.class)
@Execution(ExecutionMode.CONCURRENT)
class JobIT {

    private SandboxBroker broker;
    private SimulatedManagementApi api;
    private AppFixture fixture;

    @BeforeEach
    void setUp(SandboxBroker shared, SimulatedManagementApi fresh) throws Exception {
        broker = shared;
        api = fresh;
        fixture = new AppFixture(shared, fresh);
    }

    @Test
    void onceRequestsDueCredentialsAndExitsWithOneIfOneFailed() throws Exception {
        fixture.credentials(3);
        api.faults().failNext(fixture.company, "S2-2", Fault.status(403));

        try (AppProcess app = job("--once").start()) {
            assertThat(app.exit()).isEqualTo(1);
            assertThat(rows(app))
                    .containsEntry(fixture.company + "/S2-1", "rotated")
                    .containsEntry(fixture.company + "/S2-2", "failed")
                    .containsEntry(fixture.company + "/S2-3", "rotated");
            assertThat(app.lines())
                    .anyMatch(line -> line.contains("S2-2") && line.contains("FORBIDDEN: The API answered 403"));
            assertThat(app.lines()).contains("1 failed, 2 rotated");
            assertThat(app.errors()).anyMatch(line -> line.contains("3/3"));
        }
        assertThat(fixture.keyEvents()).hasSize(2);
    }

    @Tag("I7")
    @Test
    void repeatedRunsDoNotRotateBeforeTheDueTime() throws Exception {
        fixture.credentials(2);
        try (AppProcess first = job("--once").start()) {
            assertThat(first.exit()).isZero();
        }
        try (AppProcess second = job("--once").start()) {
            assertThat(second.exit()).isZero();
            assertThat(second.lines()).containsExactly("Nothing is due, and no request was open.", "2 too young");
        }
        assertThat(api.truth().totalGenerations()).isEqualTo(2);
    }

    @Test
    void requestsDeferredAtTheTimeoutExitWithThree() throws Exception {
        fixture.credentials(2);
        api.faults().failWhile(() -> true, Fault.status(429));

        try (AppProcess app = job("--once", "--timeout", "PT35S").start()) {
            assertThat(app.exit()).isEqualTo(3);
            assertThat(rows(app)).hasSize(2).allSatisfy((id, outcome) -> assertThat(outcome)
                    .isEqualTo("open"));
            assertThat(app.lines())
                    .filteredOn(line -> line.contains("The API answered 429"))
                    .hasSize(2);
        }
    }

    @Test
    void runAfterAFailureOfTheSameDayExitsWithOne() throws Exception {
        fixture.credential(1);
        api.faults().failNext(Fault.status(403));
        try (AppProcess first = job("--once").start()) {
            assertThat(first.exit()).isEqualTo(1);
        }
        try (AppProcess second = job("--once").start()) {
            assertThat(second.exit()).isEqualTo(1);
            assertThat(second.lines())
                    .anyMatch(line -> line.contains("failed")
                            && line.contains("the last request failed (see the failures topic)"));
        }
    }

    @Tag("I1")
    @Tag("I2")
    @Test
    void nextJobCompletesTheRequestsOfAStoppedJob() throws Exception {
        fixture.credentials(3);
        api.faults().failWhile(() -> true, Fault.status(429));
        try (AppProcess first = job("--once")
                .property("rotation.api.connect-timeout", "PT1S") // timeouts determine the lease of a call in flight
                .property("rotation.api.response-timeout", "PT2S")
                .start()) {
            Awaitility.await()
                    .atMost(Duration.ofMinutes(3))
                    .until(() -> api.generateRequests().size() >= 3);
            assertThat(first.terminate()).isEqualTo(143);
        }
        api.faults().noMoreFaults();

        try (AppProcess second = job("--once").start()) {
            assertThat(second.exit()).isZero();
            assertThat(rows(second)).hasSize(3).allSatisfy((id, outcome) -> assertThat(outcome)
                    .isEqualTo("rotated"));
        }
        assertThat(api.truth().totalGenerations()).isEqualTo(3);
        assertThat(fixture.keyEvents()).hasSize(3);
    }

    @Test
    void jobPrintsTheOutcomesThatARunningServiceProduces() throws Exception {
        fixture.credentials(6);
        try (AppProcess service = fixture.launch().start()) {
            service.awaitReady();
            try (AppProcess app = job("--once").start()) {
                assertThat(app.exit()).isZero();
                assertThat(rows(app)).hasSize(6).allSatisfy((id, outcome) -> assertThat(outcome)
                        .isEqualTo("rotated"));
            }
        }
        assertThat(fixture.keyEvents()).extracting(ClientKeyRotated::credential).doesNotHaveDuplicates();
    }

    /** The offset of the failed request is not committed: an earlier record of its partition is in flight. */
    @Test
    void jobPrintsAFailureThatARunningServicePublishedBeforeItBegan() throws Exception {
        CredentialId hanging = fixture.credential(1);
        broker.createTopic(fixture.requests, 1, Map.of());
        AtomicBoolean isHanging = new AtomicBoolean(true);
        api.faults().failWhile(isHanging::get, Fault.hang());
        try (AppProcess service = fixture.launch().start()) {
            service.awaitReady();
            fixture.request(hanging);
            fixture.send(fixture.company + "/S2-2", "{");
            fixture.awaitFailureEvents(1);
            try (AppProcess app = idle("--once", "--timeout", "PT1M").start()) {
                Awaitility.await().atMost(Duration.ofMinutes(3)).until(() -> app.errors()
                        .anyMatch(line -> line.contains("/2")));
                isHanging.set(false);
                assertThat(app.exit()).isEqualTo(1);
                assertThat(app.lines())
                        .anyMatch(line -> line.matches(
                                "\\(%s-0-1\\) +failed +- +MALFORMED_REQUEST: .*".formatted(fixture.requests)));
                assertThat(rows(app)).isEqualTo(Map.of(hanging.toString(), "rotated"));
            }
        }
    }

    @Test
    void openRequestsOfOthersAreDrainedShownAndCommitted() throws Exception {
        CredentialId leaked = fixture.credential(1);
        broker.createTopic(fixture.requests, 4, Map.of());
        String forced = "{\"companyId\":\"%s\",\"apiCredentialId\":\"S2-1\",\"reason\":\"suspected leak\","
                + "\"requestedBy\":\"alice\",\"force\":true}";
        fixture.send(leaked.toString(), forced.formatted(fixture.company));
        fixture.request(new CredentialId(fixture.company, "S2-9"));
        fixture.send(fixture.company + "/S2-2", "{");

        try (AppProcess first = idle("--once").start()) {
            assertThat(first.exit()).isEqualTo(1);
            assertThat(first.lines())
                    .satisfiesExactly(
                            header -> assertThat(header).matches("CREDENTIAL +OUTCOME +REQUESTED BY +WHY"),
                            malformed -> assertThat(malformed)
                                    .matches("\\(%s-\\d+-\\d+\\) +failed +- +MALFORMED_REQUEST: .*"
                                            .formatted(fixture.requests)),
                            missing -> assertThat(missing)
                                    .matches("%s/S2-9 +failed +- +CREDENTIAL_NOT_FOUND: .*".formatted(fixture.company)),
                            rotated -> assertThat(rotated)
                                    .matches("%s/S2-1 +rotated +alice +requested at \\S+: suspected leak"
                                            .formatted(fixture.company)),
                            counts -> assertThat(counts).isEqualTo("2 failed, 1 rotated, 1 too young"));
        }
        assertThat(broker.topics().lag(fixture.group, fixture.requests)).isZero();
        try (AppProcess second = idle("--once").start()) {
            assertThat(second.exit()).isZero();
            assertThat(second.lines()).containsExactly("Nothing is due, and no request was open.", "1 too young");
        }
        assertThat(api.truth().totalGenerations()).isEqualTo(1);
    }

    @Test
    void missingTargetsAndEmptyCompaniesExitWithOne() throws Exception {
        fixture.credentials(2);
        api.setActive(fixture.company, "S2-2", false);
        String named = "%1$s/S2-1,%1$s/S2-2,%1$s/S2-8,%1$s/S2-9".formatted(fixture.company);
        String empty = fixture.company + "-empty";

        try (AppProcess app = idle("--once")
                .property("rotation.schedule.targets", named)
                .property("rotation.schedule.companies", empty)
                .property("rotation.schedule.exclude", "S2-8")
                .start()) {
            assertThat(app.exit()).isEqualTo(1);
            assertThat(rows(app))
                    .isEqualTo(Map.of(fixture.company + "/S2-9", "unknown", fixture.company + "/S2-2", "inactive"));
            assertThat(app.lines()).contains("1 excluded, 1 inactive, 1 too young, 1 unknown");
            assertThat(app.errors())
                    .contains("Incomplete plan: The API lists no credentials of company " + empty
                            + " (rotation.schedule.companies)");
        }
        assertThat(api.generateRequests()).isEmpty();
    }

    @Test
    void rejectedApiKeyEndsTheJobOnceTheOtherCompaniesAreDone() throws Exception {
        CredentialId rotated = fixture.credential(1);
        CredentialId rejected = new CredentialId(fixture.company + "-other", "S2-1");
        api.addCredential(rejected.companyId(), rejected.apiCredentialId());

        try (AppProcess app = idle("--once")
                .environment("ROTATION_API_KEY", "wrong")
                .property("rotation.api.companies." + rotated.companyId() + ".key", api.apiKey())
                .property("rotation.schedule.targets", rotated + "," + rejected)
                .property("rotation.schedule.first-rotation", "now")
                .start()) {
            assertThat(app.exit()).isEqualTo(1);
            assertThat(rows(app)).isEqualTo(Map.of(rotated.toString(), "rotated", rejected.toString(), "open"));
            assertThat(app.lines()).anyMatch(line -> line.startsWith(rejected.toString()) && line.contains("401"));
            assertThat(app.errors())
                    .anyMatch(line -> line.contains("The API rejected (401) the authentication set by rotation.api.*"));
        }
    }

    @Test
    void pausedJobSaysSoAndHowManyAreDue() throws Exception {
        fixture.credentials(2);

        try (AppProcess app =
                job("--once").property("rotation.schedule.paused", true).start()) {
            assertThat(app.exit()).isZero();
            assertThat(app.lines())
                    .containsExactly(
                            "The schedule of this instance is paused (rotation.schedule.paused, or by JMX): 2 due credentials are not requested.",
                            "2 paused");
        }
        assertThat(api.generateRequests()).isEmpty();
    }

    @Test
    void planPrintsDueCredentialsAndReasonsForTheOthersAndChangesNothing() throws Exception {
        fixture.credentials(4);
        try (AppProcess first = job("--once").start()) {
            assertThat(first.exit()).isZero();
        }
        api.addCredential(fixture.company, "S2-5");
        api.setActive(fixture.company, "S2-3", false);
        int calls = api.generateRequests().size();
        List<Integer> records = records();

        try (AppProcess app =
                job("--plan").property("rotation.schedule.exclude", "S2-4").start()) {
            assertThat(app.exit()).isZero();
            assertThat(rows(app))
                    .containsEntry(fixture.company + "/S2-1", "too")
                    .containsEntry(fixture.company + "/S2-3", "inactive")
                    .containsEntry(fixture.company + "/S2-4", "excluded")
                    .containsEntry(fixture.company + "/S2-5", "due");
            assertThat(app.lines()).contains("1 due, 1 excluded, 1 inactive, 2 too young");
        }
        try (AppProcess app =
                job("--plan").property("rotation.schedule.paused", true).start()) {
            assertThat(app.exit()).isZero();
            assertThat(rows(app)).containsEntry(fixture.company + "/S2-5", "paused");
        }
        assertThat(api.generateRequests()).hasSize(calls);
        assertThat(records()).isEqualTo(records);
        assertThat(broker.topics().activeMembers(fixture.group)).isZero();
    }

    @Test
    void planAsJsonIsValidAlsoIfItFails() throws Exception {
        fixture.credential(1);
        try (AppProcess app = job("plan", "-o", "json").start()) {
            assertThat(app.exit()).as(app.toString()).isZero();
            JsonNode planned =
                    JsonDocument.of(app, "plan-report").path("credentials").path(0);
            assertThat(planned.path("apiCredentialId").textValue()).isEqualTo("S2-1");
            assertThat(planned.path("state").textValue()).isEqualTo("DUE");
        }
        try (AppProcess app = fixture.launch().arguments("plan", "-o", "json").start()) {
            assertThat(app.exit()).isEqualTo(2);
            JsonNode document = JsonDocument.of(app, "plan-report");
            assertThat(document.path("credentials")).isEmpty();
            assertThat(document.path("problems").path(0).textValue())
                    .startsWith("Wrong configuration: rotation.schedule.targets: no target");
        }
    }

    @Test
    void outcomesAsJsonAreValidAndTheRestAreProblems() throws Exception {
        fixture.credential(1);
        try (AppProcess app = job("run", "-o", "json")
                .property("rotation.schedule.targets", fixture.company + "/S2-9")
                .start()) {
            assertThat(app.exit()).as(app.toString()).isEqualTo(1);
            JsonNode document = JsonDocument.of(app, "requests-report");
            assertThat(document.path("requests")).singleElement().satisfies(request -> {
                assertThat(request.path("apiCredentialId").textValue()).isEqualTo("S2-1");
                assertThat(request.path("outcome").textValue()).isEqualTo("rotated");
            });
            assertThat(document.path("problems"))
                    .extracting(JsonNode::textValue)
                    .anyMatch(problem -> problem.startsWith(fixture.company + "/S2-9 unknown: "));
        }
    }

    @Test
    void jobWithoutTargetsIsAWrongConfiguration() throws Exception {
        try (AppProcess app = fixture.launch().arguments("--plan").start()) {
            assertThat(app.exit()).isEqualTo(2);
            assertThat(app.errors())
                    .singleElement()
                    .asString()
                    .startsWith(
                            "Wrong configuration: rotation.schedule.targets: no target, expected at least one target");
        }
    }

    @Test
    void planNeedsNoTopicAndCreatesNoneWhateverTheBrokersSetting() throws Exception {
        fixture.credentials(2);
        api.setActive(fixture.company, "S2-2", false);
        String named = "%1$s/S2-1,%1$s/S2-2,%1$s/S2-9".formatted(fixture.company);

        try (SandboxBroker fresh = SandboxBroker.start(Map.of("auto.create.topics.enable", "true"));
                AppProcess app = idle("--plan")
                        .property("camel.component.kafka.brokers", fresh.bootstrapServers())
                        .property("rotation.schedule.targets", named)
                        .start()) {
            assertThat(app.exit()).isEqualTo(1);
            assertThat(rows(app))
                    .isEqualTo(Map.of(
                            fixture.company + "/S2-9", "unknown",
                            fixture.company + "/S2-2", "inactive",
                            fixture.company + "/S2-1", "never"));
            assertThat(app.lines()).contains("1 inactive, 1 never seen, 1 unknown");
            assertThat(app.errors()).isEmpty();
            assertThat(fresh.topics().names()).isEmpty();
        }
    }

    @Test
    void planWithoutBrokersNamesThem() {
        try (AppProcess app = job("--plan", "--timeout", "PT1S")
                .property("camel.component.kafka.brokers", "127.0.0.1:1")
                .start()) {
            assertThat(app.exit()).isEqualTo(1);
            assertThat(app.errors())
                    .anyMatch(
                            line -> line.startsWith(
                                    "Not ready within PT1S: Kafka at 127.0.0.1:1 (brokers of the kafka component, camel.component.kafka.brokers) does not answer"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"--once", "--plan", ""})
    void ledgerOfAnotherApiExitsWithTwo(String argument) {
        broker.createTopic(fixture.ledger, 1, Map.of("cleanup.policy", "compact"));
        broker.topics()
                .send(
                        fixture.ledger,
                        "$control".getBytes(UTF_8),
                        "{\"revision\":1,\"apiHost\":\"management-live.adyen.com\"}".getBytes(UTF_8));
        fixture.credential(1);

        try (AppProcess app = job(argument.isEmpty() ? new Object[0] : new Object[] {argument})
                .start()) {
            assertThat(app.exit()).isEqualTo(2);
            assertThat(app.errors())
                    .filteredOn(line -> line.startsWith("Wrong configuration: "))
                    .singleElement()
                    .asString()
                    .startsWith(
                            "Wrong configuration: Ledger %s is of the API at management-live.adyen.com, and this instance calls the API at 127.0.0.1 (the base URL): "
                                    .formatted(fixture.ledger));
        }
        assertThat(api.generateRequests()).isEmpty();
    }

    private AppProcess.Launch job(Object... arguments) {
        return fixture.launch()
                .property("rotation.schedule.companies", fixture.company)
                .property("rotation.schedule.first-rotation", "now")
                .property("rotation.schedule.spread", "PT0S")
                .property("rotation.retry.delays", "PT2S")
                .arguments(arguments);
    }

    /** A job with nothing to request: a credential that was never seen is due an interval later. */
    private AppProcess.Launch idle(Object... arguments) {
        return job(arguments).property("rotation.schedule.first-rotation", "after-interval");
    }

    /** The rows of the printed table: the first word of the second column by the first column. */
    private Map<String, String> rows(AppProcess app) {
        return app.lines()
                .filter(line -> line.startsWith(fixture.company))
                .map(line -> line.split(" +", 3))
                .collect(Collectors.toMap(cells -> cells[0], cells -> cells[1]));
    }

    private List<Integer> records() {
        return List.of(
                broker.topics().readAll(fixture.requests).size(),
                broker.topics().readAll(fixture.keys).size(),
                broker.topics().readAll(fixture.failures).size(),
                broker.topics().readAll(fixture.ledger).size());
    }
}
