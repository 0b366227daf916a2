package org.keyrotation.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.keyrotation.model.ClientKeyRotated;
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
            assertThat(second.lines()).containsExactly("Nothing is due.", "2 too young");
        }
        assertThat(api.truth().totalGenerations()).isEqualTo(2);
    }

    @Test
    void requestsDeferredAtTheTimeoutExitWithThree() throws Exception {
        fixture.credentials(2);
        api.faults().failWhile(() -> true, Fault.status(429));

        try (AppProcess app = job("--once", "--timeout", "PT25S").start()) {
            assertThat(app.exit()).isEqualTo(3);
            assertThat(rows(app).values()).containsOnly("deferred");
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
        try (AppProcess first = job("--once").start()) {
            Awaitility.await()
                    .atMost(Duration.ofMinutes(3))
                    .until(() -> api.generateRequests().size() >= 3);
            assertThat(first.terminate()).isEqualTo(143);
        }
        api.faults().noMoreFaults();

        try (AppProcess second = job("--once").start()) {
            assertThat(second.exit()).isZero();
            // The second job's intake may have finished some of the three before it made its plan.
            assertThat(rows(second))
                    .allSatisfy((id, outcome) -> assertThat(outcome).isEqualTo("rotated"));
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
    void planCreatesNoTopicsAndNamesTheMissingOnes() throws Exception {
        for (int run = 0; run < 2; run++) {
            try (AppProcess app = job("--plan", "--timeout", "PT1S").start()) {
                assertThat(app.exit()).isEqualTo(1);
                assertThat(app.errors())
                        .anyMatch(line -> line.startsWith("Not ready within PT1S: Missing topics: [" + fixture.requests)
                                && line.contains("start the service once"));
            }
        }
    }

    @Test
    void planWithoutBrokersNamesThem() {
        try (AppProcess app = job("--plan", "--timeout", "PT1S")
                .property("camel.component.kafka.brokers", "127.0.0.1:1")
                .start()) {
            assertThat(app.exit()).isEqualTo(1);
            assertThat(app.errors())
                    .anyMatch(line -> line.startsWith(
                                    "Not ready within PT1S: Kafka at 127.0.0.1:1 (brokers of the kafka component, camel.component.kafka.brokers) does not answer")
                            && !line.contains("start the service once"));
        }
    }

    private AppProcess.Launch job(Object... arguments) {
        return fixture.launch()
                .property("rotation.schedule.companies", fixture.company)
                .property("rotation.schedule.first-rotation", "now")
                .property("rotation.schedule.spread", "PT0S")
                .property("rotation.retry.delays", "PT2S")
                .arguments(arguments);
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
