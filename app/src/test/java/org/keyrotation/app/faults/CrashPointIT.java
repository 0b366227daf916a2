package org.keyrotation.app.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
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
 * The packaged app is killed with one request suspended at each crash point between consume and commit, and started
 * again. A request has the id of its crash point, so a violation names it.
 */
@ExtendWith(SandboxExtension.class)
class CrashPointIT {

    private static final Duration TIMEOUT = Duration.ofMinutes(3);

    @Tag("I1")
    @Tag("I2")
    @Tag("I3")
    @Tag("I4")
    @Tag("I5")
    @Tag("I6")
    @Execution(ExecutionMode.CONCURRENT)
    @ParameterizedTest(name = "idempotency {0}")
    @ValueSource(booleans = {true, false})
    void killAtAnyPointOfARotationWhoseResponseArrives(
            boolean idempotency, SandboxBroker broker, SimulatedManagementApi api) throws Exception {
        List<String> crashPoints = CrashPoints.ofRotation();
        api.idempotency(idempotency);
        try (FaultTestFixture fixture = new FaultTestFixture(broker, api)) {
            try (AppProcess app =
                    PausedRequests.armed(fixture.launch(), crashPoints).start()) {
                PausedRequests pausedRequests = new PausedRequests(fixture, app);
                pausedRequests.awaitArmed(crashPoints);
                pausedRequests.pause(crashPoints);
            }
            assertThat(violationsAfterRestart(fixture)).isEmpty();
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
    void killAtAnyPointOfARotationWhoseResponseIsLostOrOfADeferral(
            boolean idempotency, SandboxBroker broker, SimulatedManagementApi api) throws Exception {
        List<String> crashPoints = Stream.concat(CrashPoints.ofRecovery().stream(), CrashPoints.ofDeferral().stream())
                .toList();
        api.idempotency(idempotency);
        try (FaultTestFixture fixture = new FaultTestFixture(broker, api)) {
            AppProcess.Launch launch = PausedRequests.armed(fixture.launch(), crashPoints);
            try (AppProcess app =
                    launch.property("rotation.api.response-timeout", "PT3S").start()) {
                PausedRequests pausedRequests = new PausedRequests(fixture, app);
                pausedRequests.awaitArmed(crashPoints);
                pausedRequests.pause(CrashPoints.ofRecovery(), Fault.reset().afterExecuting());
                pausedRequests.pause(CrashPoints.ofDeferral(), rateLimited());
                awaitGenerated(
                        fixture,
                        pausedRequests.send(
                                "waiting-for-the-response", Fault.hang().afterExecuting()));
            }
            api.faults().noMoreFaults();
            assertThat(violationsAfterRestart(fixture)).isEmpty();
        }
    }

    @Tag("I1")
    @Tag("I2")
    @Tag("I5")
    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void killAtAnyPointOfAFailure(SandboxBroker broker, SimulatedManagementApi api) throws Exception {
        List<String> crashPoints = CrashPoints.ofFailure();
        try (FaultTestFixture fixture = new FaultTestFixture(broker, api)) {
            try (AppProcess app =
                    PausedRequests.armed(fixture.launch(), crashPoints).start()) {
                PausedRequests pausedRequests = new PausedRequests(fixture, app);
                pausedRequests.awaitArmed(crashPoints);
                pausedRequests.pauseFailing(crashPoints, FailureCode.FORBIDDEN, Fault.status(403));
            }
            assertThat(violationsAfterRestart(fixture)).isEmpty();
        }
    }

    private static Fault[] rateLimited() {
        return Stream.generate(() -> Fault.status(429).retryAfter(Duration.ofSeconds(1)))
                .limit(20)
                .toArray(Fault[]::new);
    }

    private static void awaitGenerated(FaultTestFixture fixture, CredentialId credential) {
        Awaitility.await("the API has generated the key of " + credential)
                .atMost(TIMEOUT)
                .until(() -> !fixture.api
                        .truth()
                        .generations(credential.companyId(), credential.apiCredentialId())
                        .isEmpty());
    }

    private static List<Violation> violationsAfterRestart(FaultTestFixture fixture) throws Exception {
        try (Instance restarted = fixture.start()) {
            restarted.process().awaitReady();
            fixture.awaitDrained(TIMEOUT);
        }
        return fixture.judge().violations();
    }
}
