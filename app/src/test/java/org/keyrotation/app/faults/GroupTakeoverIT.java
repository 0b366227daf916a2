package org.keyrotation.app.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.keyrotation.app.AppProcess;
import org.keyrotation.model.CredentialId;
import org.keyrotation.model.RotationRequest;
import org.keyrotation.sandbox.SandboxBroker;
import org.keyrotation.sandbox.SandboxExtension;
import org.keyrotation.sandbox.SimulatedManagementApi;

/** A second consumer group works on the same topics, as when blue and green deployments overlap. */
@ExtendWith(SandboxExtension.class)
class GroupTakeoverIT {

    private static final Duration TIMEOUT = Duration.ofMinutes(3);
    private static final int REQUESTS = 80;

    @Tag("I1")
    @Tag("I2")
    @Tag("I3")
    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void eachRequestRotatesOnceWhileOneGroupReplacesAnother(SandboxBroker broker, SimulatedManagementApi api)
            throws Exception {
        api.idempotency(false); // an idempotency key would make a second call harmless
        api.latency(Duration.ofMillis(100));
        try (FaultTestFixture fixture = new FaultTestFixture(broker, api);
                Instance blue = fixture.start(slow(fixture))) {
            blue.process().awaitReady();
            try (Instance green = fixture.start(
                    slow(fixture).property("rotation.kafka.group-id", fixture.appFixture.group + "-green"))) {
                Awaitility.await("the second group works, or waits for the first one")
                        .atMost(TIMEOUT)
                        .until(() -> green.isReady()
                                || green.process().lines().anyMatch(line -> line.contains("is in use by group")));
                IntStream.range(0, REQUESTS).forEach(i -> request(fixture));
                awaitGenerations(api, REQUESTS / 4);
                blue.stop();
                fixture.awaitDrained(TIMEOUT);
                green.stop();
            }
            assertThat(api.truth().totalGenerations()).as("rotations").isEqualTo(REQUESTS);
            assertThat(fixture.judge().violations()).isEmpty();
        }
    }

    /** So few calls at once that the first group stops amid its work. */
    private static AppProcess.Launch slow(FaultTestFixture fixture) {
        return fixture.launch().property("rotation.api.max-in-flight", 4);
    }

    private static void request(FaultTestFixture fixture) {
        CredentialId credential = fixture.newCredential();
        fixture.requests.send(
                RotationRequest.of(credential).completed("of-" + credential.apiCredentialId(), Instant.now()));
    }

    private static void awaitGenerations(SimulatedManagementApi api, int count) {
        Awaitility.await(count + " rotations")
                .atMost(TIMEOUT)
                .pollInterval(Duration.ofMillis(5))
                .until(() -> api.truth().totalGenerations() >= count);
    }
}
