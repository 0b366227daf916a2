package org.keyrotation.app.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.keyrotation.app.AppProcess;
import org.keyrotation.model.CredentialId;
import org.keyrotation.model.FailureCode;
import org.keyrotation.sandbox.Fault;
import org.keyrotation.sandbox.SandboxBroker;
import org.keyrotation.sandbox.SandboxExtension;
import org.keyrotation.sandbox.SimulatedManagementApi;

/**
 * The packaged app dies with one request at each place between consume and commit, and is started again. The id of a request
 * is the place at which it was when the app died, so a violation tells where.
 */
@ExtendWith(SandboxExtension.class)
class CrashPointIT {

    private static final Duration PATIENCE = Duration.ofMinutes(3);

    @Tag("I1")
    @Tag("I2")
    @Tag("I3")
    @Tag("I4")
    @Tag("I5")
    @Tag("I6")
    @Execution(ExecutionMode.CONCURRENT)
    @ParameterizedTest(name = "idempotency {0}")
    @ValueSource(booleans = {true, false})
    @DisplayName("I1, I2, I3, I4, I5, I6: it dies anywhere in a rotation whose answer arrives")
    void itDiesAnywhereInARotationWhoseAnswerArrives(
            boolean idempotency, SandboxBroker broker, SimulatedManagementApi api) throws Exception {
        List<String> places = CrashPoints.ofARotation();
        api.idempotency(idempotency);
        try (FaultTestFixture stage = new FaultTestFixture(broker, api)) {
            try (AppProcess app = PausedRequests.armed(stage.launch(), places).start()) {
                PausedRequests held = new PausedRequests(stage, app);
                held.awaitArmed(places);
                held.hold(places);
            }
            assertThat(afterAnotherStart(stage)).isEmpty();
        }
    }

    @Tag("I1")
    @Tag("I2")
    @Tag("I3")
    @Tag("I4")
    @Tag("I5")
    @Tag("I6")
    @Execution(ExecutionMode.CONCURRENT)
    @ParameterizedTest(name = "idempotency {0}")
    @ValueSource(booleans = {true, false})
    @DisplayName("I1, I2, I3, I4, I5, I6: it dies anywhere in a rotation whose answer is lost, or in a deferral")
    void itDiesAnywhereInARotationWhoseAnswerIsLostOrInADeferral(
            boolean idempotency, SandboxBroker broker, SimulatedManagementApi api) throws Exception {
        List<String> places = Stream.concat(CrashPoints.ofARecovery().stream(), CrashPoints.ofADeferral().stream())
                .toList();
        api.idempotency(idempotency);
        try (FaultTestFixture stage = new FaultTestFixture(broker, api)) {
            AppProcess.Launch launch = PausedRequests.armed(stage.launch(), places);
            try (AppProcess app =
                    launch.property("rotation.api.response-timeout", "PT30S").start()) {
                PausedRequests held = new PausedRequests(stage, app);
                held.awaitArmed(places);
                held.hold(CrashPoints.ofARecovery(), Fault.reset().afterExecuting());
                held.hold(CrashPoints.ofADeferral(), unavailable());
                awaitGenerated(
                        stage, held.ask("waiting-for-the-answer", Fault.hang().afterExecuting()));
            }
            api.faults().noMoreFaults();
            assertThat(afterAnotherStart(stage)).isEmpty();
        }
    }

    @Tag("I1")
    @Tag("I2")
    @Tag("I5")
    @Test
    @Execution(ExecutionMode.CONCURRENT)
    @DisplayName("I1, I2, I5: it dies anywhere between knowing how a request fails and having written that it was told")
    void itDiesAnywhereInAFailure(SandboxBroker broker, SimulatedManagementApi api) throws Exception {
        List<String> places = CrashPoints.ofAFailure();
        try (FaultTestFixture stage = new FaultTestFixture(broker, api)) {
            try (AppProcess app = PausedRequests.armed(stage.launch(), places).start()) {
                PausedRequests held = new PausedRequests(stage, app);
                held.awaitArmed(places);
                held.holdFailing(places, FailureCode.FORBIDDEN, Fault.status(403));
            }
            assertThat(afterAnotherStart(stage)).isEmpty();
        }
    }

    private static Fault[] unavailable() {
        return Stream.generate(() -> Fault.status(429).retryAfter(Duration.ofSeconds(1)))
                .limit(20)
                .toArray(Fault[]::new);
    }

    private static void awaitGenerated(FaultTestFixture stage, CredentialId credential) {
        Awaitility.await("the API has generated the key of " + credential).until(() -> !stage.api
                .truth()
                .generations(credential.companyId(), credential.apiCredentialId())
                .isEmpty());
    }

    private static List<Violation> afterAnotherStart(FaultTestFixture stage) throws Exception {
        try (Instance again = stage.start()) {
            again.process().line("Ready:");
            stage.awaitDrained(PATIENCE);
        }
        return stage.judge().violations();
    }
}
