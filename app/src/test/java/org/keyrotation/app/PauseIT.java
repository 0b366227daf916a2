package org.keyrotation.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.keyrotation.sandbox.SandboxBroker;
import org.keyrotation.sandbox.SandboxExtension;
import org.keyrotation.sandbox.SimulatedManagementApi;

/** The commands {@code pause} and {@code resume} of the packaged app. */
@ExtendWith(SandboxExtension.class)
@Execution(ExecutionMode.CONCURRENT)
class PauseIT {

    private static final String UNTIL = "2999-12-24T18:00:00Z";

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
    void pausedFleetRequestsNothingByAnyJobUntilItIsResumed() throws Exception {
        fixture.credentials(2);
        broker.createTopic(fixture.ledger, 1, Map.of("cleanup.policy", "compact"));

        try (AppProcess pause = command("pause", "--until", UNTIL)) {
            assertThat(pause.exit()).as(pause.toString()).isZero();
            assertThat(pause.lines())
                    .containsExactly(
                            "The schedule is paused until " + UNTIL + ". Resume it with: key-rotation resume",
                            "Open requests, and those that others make, are rotated all the same.");
            assertThat(pause.errors()).isEmpty();
        }
        String user = System.getProperty("user.name");
        try (AppProcess job = job("run")) {
            assertThat(job.exit()).as(job.toString()).isZero();
            assertThat(job.lines())
                    .containsExactly(
                            "The schedule is paused by %s until %s, resume it with key-rotation resume: 2 due credentials are not requested."
                                    .formatted(user, UNTIL),
                            "2 paused");
        }
        assertThat(api.generateRequests()).isEmpty();

        try (AppProcess resume = command("resume", "-o", "json")) {
            assertThat(resume.exit()).as(resume.toString()).isZero();
            JsonNode document = JsonDocument.of(resume, "pause-report");
            assertThat(document.path("paused").booleanValue()).isFalse();
            assertThat(document.path("by").textValue()).isEqualTo(user);
            assertThat(document.has("until")).isFalse();
        }
        try (AppProcess job = job("run")) {
            assertThat(job.exit()).as(job.toString()).isZero();
        }
        assertThat(api.truth().totalGenerations()).isEqualTo(2);
    }

    @Test
    void resumeSaysThatTheConfigurationStillPauses() {
        broker.createTopic(fixture.ledger, 1, Map.of("cleanup.policy", "compact"));

        try (AppProcess resume = fixture.launch()
                .property("rotation.schedule.paused", true)
                .arguments("resume")
                .start()) {
            assertThat(resume.exit()).as(resume.toString()).isZero();
            assertThat(resume.lines()).containsExactly("The schedule was not paused.");
            assertThat(resume.errors())
                    .containsExactly(
                            "rotation.schedule.paused=true: still pauses each instance that has this configuration");
        }
        assertThat(broker.topics().readAll(fixture.ledger)).isEmpty();
    }

    @Test
    void ledgerThatDoesNotExistIsNamedAndNotCreated() throws Exception {
        try (AppProcess pause = command("pause", "-o", "json")) {
            assertThat(pause.exit()).isEqualTo(1);
            String problem =
                    "The ledger topic %s does not exist, expected the one of the service (rotation.topics.ledger)"
                            .formatted(fixture.ledger);
            assertThat(pause.errors()).containsExactly(problem);
            assertThat(JsonDocument.of(pause, "pause-report").toString())
                    .isEqualTo("{\"problems\":[\"%s\"]}".formatted(problem));
        }
        assertThat(broker.topics().names()).doesNotContain(fixture.ledger);
    }

    @Test
    void endThatIsNoInstantOfTheFutureIsAWrongUsage() {
        try (AppProcess pause = command("pause", "--until", "2001-01-01T00:00:00Z")) {
            assertThat(pause.exit()).isEqualTo(2);
            assertThat(pause.errors())
                    .containsExactly(
                            "Wrong usage: argument --until: invalid value '2001-01-01T00:00:00Z', expected an ISO-8601 instant in the future such as 2030-12-24T18:00:00Z; see key-rotation pause --help");
        }
    }

    private AppProcess command(Object... arguments) {
        return fixture.launch().arguments(arguments).start();
    }

    private AppProcess job(Object... arguments) {
        return fixture.launch()
                .property("rotation.schedule.companies", fixture.company)
                .property("rotation.schedule.first-rotation", "now")
                .property("rotation.schedule.spread", "PT0S")
                .arguments(arguments)
                .start();
    }
}
