package org.keyrotation.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.keyrotation.model.ClientKeyRotated;
import org.keyrotation.model.CredentialId;
import org.keyrotation.sandbox.Fault;
import org.keyrotation.sandbox.SandboxBroker;
import org.keyrotation.sandbox.SandboxExtension;
import org.keyrotation.sandbox.SimulatedManagementApi;

/** The packaged app exits within 30 seconds after SIGTERM, in any state. */
@ExtendWith(SandboxExtension.class)
@Execution(ExecutionMode.CONCURRENT)
class StopIT {

    @Tag("I1")
    @Tag("I2")
    @Tag("I3")
    @Test
    void stopFinishesAndCommitsTheCallsInFlightAndTheNextStartDoesTheRest(
            SandboxBroker broker, SimulatedManagementApi api) throws Exception {
        AppFixture fixture = new AppFixture(broker, api);
        List<CredentialId> credentials = fixture.credentials(12);
        api.latency(Duration.ofSeconds(2));
        try (AppProcess app =
                fixture.launch().property("rotation.api.max-in-flight", "3").start()) {
            app.awaitReady();
            requestAll(fixture, credentials);
            awaitCalls(api, 3);
            assertThat(app.terminate()).isIn(0, 143);
        }
        int generated = api.truth().totalGenerations();
        assertThat(generated).isBetween(1, 11);
        assertThat(fixture.keyEvents()).hasSize(generated);
        // A completed request behind an incomplete one stays uncommitted; the next start finds it settled.
        assertThat(broker.topics().lag(fixture.group, fixture.requests)).isBetween(12L - generated, 12L);

        api.latency(Duration.ZERO);
        try (AppProcess app = fixture.launch().start()) {
            fixture.awaitAllCommitted();
            assertThat(app.terminate()).isIn(0, 143);
        }
        assertThat(fixture.failureEvents()).isEmpty();
        assertThat(fixture.keyEvents())
                .extracting(ClientKeyRotated::credential)
                .containsExactlyInAnyOrderElementsOf(credentials);
        assertThat(api.truth().totalGenerations()).isEqualTo(12);
        for (ClientKeyRotated event : fixture.keyEvents()) {
            assertThat(event.clientKey().value())
                    .isEqualTo(api.truth().currentKey(event.companyId(), event.apiCredentialId()));
        }
    }

    @Tag("I7")
    @Test
    void restartRotatesNothing(SandboxBroker broker, SimulatedManagementApi api) throws Exception {
        AppFixture fixture = new AppFixture(broker, api);
        AppProcess.Launch launch = fixture.launch()
                .property("rotation.schedule.enabled", true)
                .property("rotation.schedule.targets", fixture.credential(1));
        try (AppProcess app = launch.start()) {
            app.awaitReady();
            fixture.request(fixture.credential(2));
            fixture.awaitAllCommitted();
            assertThat(app.terminate()).isIn(0, 143);
        }
        try (AppProcess app = launch.start()) {
            app.awaitReady();
            // Anything that the start triggered is complete before this request is.
            fixture.request(fixture.credential(3));
            fixture.awaitAllCommitted();
            assertThat(app.terminate()).isIn(0, 143);
        }
        assertThat(api.generateRequests()).hasSize(2);
        assertThat(api.truth().totalGenerations()).isEqualTo(2);
    }

    @Test
    void stopsBeforeTheBrokersHaveAnswered(SimulatedManagementApi api) throws Exception {
        try (SandboxBroker stopped = SandboxBroker.start()) {
            stopped.stop();
            try (AppProcess app = new AppFixture(stopped, api).launch().start()) {
                app.line("Not ready, will retry");
                assertThat(app.terminate()).isIn(0, 143);
            }
        }
    }

    @Test
    void stopsWhileTheBrokersAreDown(SimulatedManagementApi api) throws Exception {
        try (SandboxBroker broker = SandboxBroker.start()) {
            AppFixture fixture = new AppFixture(broker, api);
            try (AppProcess app = fixture.launch().start()) {
                app.awaitReady();
                fixture.request(fixture.credential(1));
                fixture.awaitAllCommitted();
                broker.stop();
                await("readiness is DOWN")
                        .atMost(Duration.ofMinutes(3))
                        .until(() -> fixture.management().status("/health/ready"), "DOWN 503"::equals);
                assertThat(app.terminate()).isIn(0, 143);
            }
        }
    }

    static Stream<Fault> faultsThatKeepTheAppBusy() {
        return Stream.of(Fault.hang(), Fault.status(500));
    }

    @Tag("I1")
    @Tag("I2")
    @ParameterizedTest
    @MethodSource("faultsThatKeepTheAppBusy")
    void stopDuringAnOutageOfTheApiLosesNoRequest(Fault fault, SandboxBroker broker, SimulatedManagementApi api)
            throws Exception {
        AppFixture fixture = new AppFixture(broker, api);
        AppProcess.Launch launch = fixture.launch()
                .property("rotation.api.connect-timeout", "PT1S") // timeouts determine the lease of a call in flight
                .property("rotation.api.response-timeout", "PT2S")
                .property("rotation.retry.delays", "PT1S");
        List<CredentialId> credentials = fixture.credentials(6);
        api.faults().failAlways(fault);
        try (AppProcess app = launch.start()) {
            app.awaitReady();
            requestAll(fixture, credentials);
            awaitCalls(api, 3);
            assertThat(app.terminate()).isIn(0, 143);
        }
        api.faults().noMoreFaults();
        try (AppProcess app = launch.start()) {
            await("an outcome of every request")
                    .atMost(Duration.ofMinutes(3))
                    .until(() -> outcomes(fixture).size() >= credentials.size());
            assertThat(app.terminate()).isIn(0, 143);
        }
        assertThat(outcomes(fixture)).containsExactlyInAnyOrderElementsOf(credentials);
        assertThat(api.truth().totalGenerations()).isEqualTo(fixture.keyEvents().size());
    }

    private static List<CredentialId> outcomes(AppFixture fixture) throws IOException {
        Stream<CredentialId> failed = fixture.failureEvents().stream().map(event -> event.credential());
        Stream<CredentialId> rotated = fixture.keyEvents().stream().map(ClientKeyRotated::credential);
        return Stream.concat(failed, rotated).toList();
    }

    private static void requestAll(AppFixture fixture, List<CredentialId> credentials) throws IOException {
        for (CredentialId credential : credentials) {
            fixture.request(credential);
        }
    }

    private static void awaitCalls(SimulatedManagementApi api, int count) {
        await("calls of generateClientKey")
                .atMost(Duration.ofMinutes(3))
                .until(() -> api.generateRequests().size() >= count);
    }
}
