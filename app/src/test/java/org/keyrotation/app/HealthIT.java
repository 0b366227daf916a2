package org.keyrotation.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.keyrotation.model.CredentialId;
import org.keyrotation.sandbox.Fault;
import org.keyrotation.sandbox.SandboxBroker;
import org.keyrotation.sandbox.SandboxExtension;
import org.keyrotation.sandbox.SimulatedManagementApi;

/** The health endpoints of the packaged app. */
@ExtendWith(SandboxExtension.class)
@Execution(ExecutionMode.CONCURRENT)
class HealthIT {

    private static final Duration TIMEOUT = Duration.ofMinutes(3);
    private static final int IN_FLIGHT = 15;

    @Test
    void upOnceTheAppIsReadyAlsoWithoutATemporaryFolder(SandboxBroker broker, SimulatedManagementApi api)
            throws Exception {
        AppFixture fixture = new AppFixture(broker, api);
        try (AppProcess app =
                fixture.launch().property("java.io.tmpdir", "/dev/null/none").start()) {
            app.awaitReady();
            assertThat(fixture.management().metrics()).contains("rotation_requests_total");
            assertThat(fixture.management().status("/health")).isEqualTo("UP 200");
            assertThat(fixture.management().status("/health/live")).isEqualTo("UP 200");
            assertThat(fixture.management().status("/health/ready")).isEqualTo("UP 200");
        }
    }

    @Test
    void aliveButNotReadyUntilTheBrokersAnswer(SimulatedManagementApi api) throws Exception {
        try (SandboxBroker late = SandboxBroker.start()) {
            late.stop();
            AppFixture fixture = new AppFixture(late, api);
            try (AppProcess app = fixture.launch().start()) {
                assertThat(app.line("Not ready, will retry")).contains(late.bootstrapServers());
                assertThat(fixture.management().status("/health/live")).isEqualTo("UP 200");
                assertThat(fixture.management().status("/health/ready")).isEqualTo("DOWN 503");
                assertThat(fixture.management()
                                .check("rotation-topics")
                                .path("message")
                                .asText())
                        .contains("Kafka at " + late.bootstrapServers()
                                + " (brokers of the kafka component, camel.component.kafka.brokers) does not answer");

                late.restart();
                app.awaitReady();
                assertThat(fixture.management().status("/health/ready")).isEqualTo("UP 200");
                fixture.request(fixture.credential(1));
                fixture.awaitKeyEvents(1);
            }
        }
    }

    @Tag("I1")
    @Tag("I2")
    @Test
    void notReadyWhileTheBrokersAreDownAndContinuesAfterTheirRestart(SimulatedManagementApi api) throws Exception {
        try (SandboxBroker broker = SandboxBroker.start()) {
            AppFixture fixture = new AppFixture(broker, api);
            List<CredentialId> credentials = fixture.credentials(IN_FLIGHT);
            api.latency(Duration.ofSeconds(10)); // so that their outcomes cannot be written
            try (AppProcess app = fixture.launch().start()) {
                app.awaitReady();
                for (CredentialId each : credentials) {
                    fixture.request(each);
                }
                await().atMost(TIMEOUT).until(() -> api.requests().size() >= IN_FLIGHT);
                List<String> before = app.lines().toList();

                broker.stop();
                await().atMost(TIMEOUT)
                        .until(() ->
                                fixture.management().status("/health/ready").equals("DOWN 503"));
                assertThat(fixture.management().status("/health/live")).isEqualTo("UP 200");
                app.line("Kafka did not acknowledge the ledger entry of");

                broker.restart();
                await().atMost(TIMEOUT)
                        .until(() ->
                                fixture.management().status("/health/ready").equals("UP 200"));
                fixture.awaitKeyEvents(IN_FLIGHT);
                fixture.awaitAllCommitted();
                assertThat(api.truth().totalGenerations()).isEqualTo(IN_FLIGHT);
                assertThat(app.lines()
                                .skip(before.size())
                                .filter(line -> line.contains(" WARN ") || line.contains(" ERROR ")))
                        .as("lines of the outage, however many requests wait for its end")
                        .hasSizeLessThan(IN_FLIGHT);
            }
        }
    }

    @Test
    void notReadyFromA401UntilTheApiAcceptsTheAuthentication(SandboxBroker broker, SimulatedManagementApi api)
            throws Exception {
        AppFixture fixture = new AppFixture(broker, api);
        api.faults().failEverything(Fault.status(401));
        try (AppProcess app = fixture.launch().start()) {
            app.awaitReady();
            fixture.request(fixture.credential(1));
            fixture.awaitAllCommitted();
            assertThat(fixture.management().status("/health/ready")).isEqualTo("DOWN 503");
            assertThat(fixture.management().status("/health/live")).isEqualTo("UP 200");
            assertThat(fixture.management()
                            .check("rotation-api-authentication")
                            .path("message")
                            .asText())
                    .contains("401")
                    .contains("rotation.api.");

            api.faults().noMoreFaults();
            fixture.request(fixture.credential(2));
            fixture.awaitKeyEvents(1);
            assertThat(fixture.management().status("/health/ready")).isEqualTo("UP 200");
        }
    }

    @Test
    void notReadyWhileATopicIsMissingThatTheAppMustNotCreate(SandboxBroker broker, SimulatedManagementApi api)
            throws Exception {
        AppFixture fixture = new AppFixture(broker, api);
        broker.createTopic(fixture.requests, 1, Map.of());
        broker.createTopic(fixture.failures, 1, Map.of());
        broker.createTopic(fixture.satisfied, 1, Map.of());
        broker.createTopic(fixture.ledger, 1, Map.of("cleanup.policy", "compact"));
        try (AppProcess app = fixture.launch()
                .property("rotation.topics.create", false)
                .property("rotation.retry.delays", "PT1S")
                .start()) {
            assertThat(app.line("Not ready, will retry")).contains(fixture.keys);
            assertThat(fixture.management().status("/health/live")).isEqualTo("UP 200");
            assertThat(fixture.management().status("/health/ready")).isEqualTo("DOWN 503");
            assertThat(fixture.management()
                            .check("rotation-topics")
                            .path("message")
                            .asText())
                    .contains("Missing topics: [" + fixture.keys + ", " + fixture.retryPrefix + ".1]")
                    .contains("rotation.topics.create");

            broker.createTopic(fixture.keys, 1, Map.of());
            broker.createTopic(fixture.retryPrefix + ".1", 1, Map.of());
            app.awaitReady();
            assertThat(fixture.management().status("/health/ready")).isEqualTo("UP 200");
        }
    }
}
