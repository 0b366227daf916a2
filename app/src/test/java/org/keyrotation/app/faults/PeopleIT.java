package org.keyrotation.app.faults;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.keyrotation.app.AppProcess;
import org.keyrotation.model.Json;
import org.keyrotation.routes.drift.DriftSettings.Mode;
import org.keyrotation.sandbox.SandboxBroker;
import org.keyrotation.sandbox.SandboxExtension;
import org.keyrotation.sandbox.SimulatedManagementApi;

/** A scenario with people, as in {@link InstancesIT}: they rotate keys by hand, and acknowledge keys twice, late, wrongly or never. */
@ExtendWith(SandboxExtension.class)
class PeopleIT {

    private static final Duration TIMEOUT = Duration.ofMinutes(3);

    @Tag("I1")
    @Tag("I2")
    @Tag("I3")
    @Tag("I4")
    @Tag("I6")
    @Execution(ExecutionMode.CONCURRENT)
    @Test
    void keysByHandArePublishedAndAcknowledgementsCountWhateverIsKilled(
            SandboxBroker broker, SimulatedManagementApi api) throws Exception {
        FaultScenarioSettings settings =
                FaultScenarioSettings.calm(150, 0.1, true).disrupted(2, 2, 1, 1).with(Mode.PUBLISH);
        try (FaultTestFixture fixture = new FaultTestFixture(broker, api)) {
            new FaultScenario(fixture, settings, true, System.out::println).run(TIMEOUT);

            assertThat(fixture.judge().violations()).as(settings::toString).isEmpty();
            assertAdoption(fixture);
        }
    }

    private static void assertAdoption(FaultTestFixture fixture) throws IOException {
        AppProcess status = fixture.withPeople(fixture.launch(), Mode.PUBLISH)
                .arguments("status", "-o", "json")
                .start();
        assertThat(status.exit()).as(status.toString()).isZero();
        JsonNode credentials =
                Json.mapper().readTree(String.join("", status.lines().toList())).path("credentials");
        assertThat(StreamSupport.stream(credentials.spliterator(), false)
                        .filter(credential -> credential.has("keyFingerprint")))
                .hasSizeGreaterThan(100)
                .allSatisfy(credential -> assertThat(states(credential))
                        .as(credential.toString())
                        .isEqualTo(Map.of(
                                KeyConsumers.TWICE, "ADOPTED",
                                KeyConsumers.LATE, "ADOPTED",
                                KeyConsumers.WRONG, "PENDING",
                                KeyConsumers.NEVER, "PENDING")));
    }

    private static Map<String, String> states(JsonNode credential) {
        return StreamSupport.stream(credential.path("adoption").spliterator(), false)
                .collect(toMap(each -> each.path("consumer").asText(), each -> each.path("state")
                        .asText()));
    }
}
