package org.keyrotation.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
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

/** The packaged app ends within 30 seconds of a SIGTERM, whatever it is busy with. */
@ExtendWith(SandboxExtension.class)
@Execution(ExecutionMode.CONCURRENT)
class StopIT {

    @Tag("I1")
    @Tag("I2")
    @Tag("I3")
    @Test
    @DisplayName("I1, I2, I3: it finishes what is in flight and commits and the rest waits for the next start")
    void itFinishesWhatIsInFlightAndCommitsAndTheRestWaitsForTheNextStart(
            SandboxBroker broker, SimulatedManagementApi api) throws Exception {
        AppFixture work = new AppFixture(broker, api);
        List<CredentialId> credentials = work.credentials(12);
        api.latency(Duration.ofSeconds(2));
        try (AppProcess app =
                work.app().property("rotation.api.max-in-flight", "3").start()) {
            app.line("Ready:");
            askForAll(work, credentials);
            awaitCalls(api, 3);
            assertThat(app.terminate()).isIn(0, 143);
        }
        int generated = api.truth().totalGenerations();
        assertThat(generated).isBetween(1, 11);
        assertThat(work.keyEvents()).hasSize(generated);
        // One that is done behind one that is not is not committed, and then satisfied by the next start.
        assertThat(broker.topics().lag(work.group, work.requests)).isBetween(12L - generated, 12L);

        api.latency(Duration.ZERO);
        try (AppProcess app = work.app().start()) {
            work.awaitAllCommitted();
            assertThat(app.terminate()).isIn(0, 143);
        }
        assertThat(work.failureEvents()).isEmpty();
        assertThat(work.keyEvents())
                .extracting(ClientKeyRotated::credential)
                .containsExactlyInAnyOrderElementsOf(credentials);
        assertThat(api.truth().totalGenerations()).isEqualTo(12);
        for (ClientKeyRotated event : work.keyEvents()) {
            assertThat(event.clientKey().value())
                    .isEqualTo(api.truth().currentKey(event.companyId(), event.apiCredentialId()));
        }
    }

    @Tag("I7")
    @Test
    @DisplayName("I7: starting again rotates nothing")
    void startingAgainRotatesNothing(SandboxBroker broker, SimulatedManagementApi api) throws Exception {
        AppFixture work = new AppFixture(broker, api);
        AppProcess.Launch launch = work.app()
                .property("rotation.schedule.enabled", true)
                .property("rotation.schedule.targets", work.credential(1));
        try (AppProcess app = launch.start()) {
            app.line("Ready:");
            work.ask(work.credential(2));
            work.awaitAllCommitted();
            assertThat(app.terminate()).isIn(0, 143);
        }
        try (AppProcess app = launch.start()) {
            app.line("Ready:");
            // Once this one is done, whatever a start would have set off is done, too.
            work.ask(work.credential(3));
            work.awaitAllCommitted();
            assertThat(app.terminate()).isIn(0, 143);
        }
        assertThat(api.generateRequests()).hasSize(2);
        assertThat(api.truth().totalGenerations()).isEqualTo(2);
    }

    @Test
    void itEndsWhileTheBrokersAreAway(SimulatedManagementApi api) throws Exception {
        try (SandboxBroker away = SandboxBroker.start()) {
            away.stop();
            try (AppProcess app = new AppFixture(away, api).app().start()) {
                app.line("Not ready, will try again");
                assertThat(app.terminate()).isIn(0, 143);
            }
        }
    }

    @Test
    void itEndsWhileBrokersThatWereThereAreAway(SimulatedManagementApi api) throws Exception {
        try (SandboxBroker broker = SandboxBroker.start()) {
            AppFixture work = new AppFixture(broker, api);
            try (AppProcess app = work.app().start()) {
                app.line("Ready:");
                work.ask(work.credential(1));
                work.awaitAllCommitted();
                broker.stop();
                assertThat(work.observed().status("/health/ready")).isEqualTo("DOWN 503");
                assertThat(app.terminate()).isIn(0, 143);
            }
        }
    }

    static Stream<Fault> faultsThatKeepItBusy() {
        return Stream.of(Fault.hang(), Fault.status(500));
    }

    @Tag("I1")
    @Tag("I2")
    @ParameterizedTest
    @MethodSource("faultsThatKeepItBusy")
    @DisplayName("I1, I2: it ends while the API does not serve and no request is lost")
    void itEndsWhileTheApiDoesNotServeAndNoRequestIsLost(Fault fault, SandboxBroker broker, SimulatedManagementApi api)
            throws Exception {
        AppFixture work = new AppFixture(broker, api);
        List<CredentialId> credentials = work.credentials(6);
        api.faults().failAlways(fault);
        try (AppProcess app = work.app().start()) {
            app.line("Ready:");
            askForAll(work, credentials);
            awaitCalls(api, 3);
            assertThat(app.terminate()).isIn(0, 143);
        }
        api.faults().noMoreFaults();
        try (AppProcess app = work.app().start()) {
            work.awaitAllCommitted();
            assertThat(app.terminate()).isIn(0, 143);
        }
        Stream<CredentialId> failed = work.failureEvents().stream().map(event -> event.credential());
        Stream<CredentialId> rotated = work.keyEvents().stream().map(ClientKeyRotated::credential);
        assertThat(Stream.concat(failed, rotated)).containsExactlyInAnyOrderElementsOf(credentials);
        assertThat(api.truth().totalGenerations()).isEqualTo(work.keyEvents().size());
    }

    private static void askForAll(AppFixture work, List<CredentialId> credentials) throws IOException {
        for (CredentialId credential : credentials) {
            work.ask(credential);
        }
    }

    private static void awaitCalls(SimulatedManagementApi api, int count) {
        await("calls under way")
                .atMost(Duration.ofMinutes(3))
                .until(() -> api.generateRequests().size() >= count);
    }
}
