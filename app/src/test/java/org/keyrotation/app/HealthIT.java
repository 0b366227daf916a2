package org.keyrotation.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.keyrotation.sandbox.Fault;
import org.keyrotation.sandbox.SandboxBroker;
import org.keyrotation.sandbox.SandboxExtension;
import org.keyrotation.sandbox.SimulatedManagementApi;

/** What the packaged app's health answers. */
@ExtendWith(SandboxExtension.class)
@Execution(ExecutionMode.CONCURRENT)
class HealthIT {

    private static final Duration PATIENCE = Duration.ofMinutes(3);

    @Test
    void itIsUpOnceTheAppIsReady(SandboxBroker broker, SimulatedManagementApi api) throws Exception {
        AppFixture work = new AppFixture(broker, api);
        try (AppProcess app = work.app().start()) {
            app.line("Ready:");
            assertThat(work.observed().status("/health")).isEqualTo("UP 200");
            assertThat(work.observed().status("/health/live")).isEqualTo("UP 200");
            assertThat(work.observed().status("/health/ready")).isEqualTo("UP 200");
        }
    }

    @Test
    void itIsAliveButNotReadyUntilTheBrokersAnswer(SimulatedManagementApi api) throws Exception {
        try (SandboxBroker late = SandboxBroker.start()) {
            late.stop();
            AppFixture work = new AppFixture(late, api);
            try (AppProcess app = work.app().start()) {
                assertThat(app.line("Not ready, will try again")).contains(late.bootstrapServers());
                assertThat(work.observed().status("/health/live")).isEqualTo("UP 200");
                assertThat(work.observed().status("/health/ready")).isEqualTo("DOWN 503");
                assertThat(work.observed()
                                .check("rotation-topics")
                                .path("message")
                                .asText())
                        .contains("Kafka at " + late.bootstrapServers()
                                + " (brokers of the kafka component, camel.component.kafka.brokers) does not serve");

                late.restart();
                app.line("Ready:");
                assertThat(work.observed().status("/health/ready")).isEqualTo("UP 200");
                work.ask(work.credential(1));
                work.awaitKeyEvents(1);
            }
        }
    }

    @Tag("I1")
    @Tag("I2")
    @Test
    @DisplayName("I1, I2: it is not ready while the brokers are away and goes on when they are back")
    void itIsNotReadyWhileTheBrokersAreAwayAndGoesOnWhenTheyAreBack(SimulatedManagementApi api) throws Exception {
        try (SandboxBroker broker = SandboxBroker.start()) {
            AppFixture work = new AppFixture(broker, api);
            try (AppProcess app = work.app().start()) {
                app.line("Ready:");
                work.ask(work.credential(1));
                work.awaitAllCommitted();

                broker.stop();
                assertThat(work.observed().status("/health/ready")).isEqualTo("DOWN 503");
                assertThat(work.observed().status("/health/live")).isEqualTo("UP 200");

                broker.restart();
                await().atMost(PATIENCE)
                        .until(() -> work.observed().status("/health/ready").equals("UP 200"));
                work.ask(work.credential(2));
                work.awaitKeyEvents(2);
                assertThat(api.truth().totalGenerations()).isEqualTo(2);
            }
        }
    }

    @Test
    void itIsNotReadyFromA401UntilTheApiTakesTheSignInAgain(SandboxBroker broker, SimulatedManagementApi api)
            throws Exception {
        AppFixture work = new AppFixture(broker, api);
        api.faults().failEverything(Fault.status(401));
        try (AppProcess app = work.app().start()) {
            app.line("Ready:");
            work.ask(work.credential(1));
            work.awaitAllCommitted();
            assertThat(work.observed().status("/health/ready")).isEqualTo("DOWN 503");
            assertThat(work.observed().status("/health/live")).isEqualTo("UP 200");
            assertThat(work.observed()
                            .check("rotation-api-authentication")
                            .path("message")
                            .asText())
                    .contains("401")
                    .contains("rotation.api.");

            api.faults().noMoreFaults();
            work.ask(work.credential(2));
            work.awaitKeyEvents(1);
            assertThat(work.observed().status("/health/ready")).isEqualTo("UP 200");
        }
    }

    @Test
    void itIsNotReadyWhileATopicIsMissingThatItMustNotCreate(SandboxBroker broker, SimulatedManagementApi api)
            throws Exception {
        AppFixture work = new AppFixture(broker, api);
        broker.createTopic(work.requests, 1, Map.of());
        broker.createTopic(work.failures, 1, Map.of());
        broker.createTopic(work.ledger, 1, Map.of("cleanup.policy", "compact"));
        try (AppProcess app = work.app()
                .property("rotation.topics.create", false)
                .property("rotation.retry.delays", "PT1S")
                .start()) {
            assertThat(app.line("Not ready, will try again")).contains(work.keys);
            assertThat(work.observed().status("/health/live")).isEqualTo("UP 200");
            assertThat(work.observed().status("/health/ready")).isEqualTo("DOWN 503");
            assertThat(work.observed().check("rotation-topics").path("message").asText())
                    .contains("Missing topics: [" + work.keys + ", " + work.retryPrefix + ".1]")
                    .contains("rotation.topics.create");

            broker.createTopic(work.keys, 1, Map.of());
            broker.createTopic(work.retryPrefix + ".1", 1, Map.of());
            app.line("Ready:");
            assertThat(work.observed().status("/health/ready")).isEqualTo("UP 200");
        }
    }
}
