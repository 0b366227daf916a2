package org.keyrotation.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.keyrotation.routes.Lane.COMPANY;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.keyrotation.model.CredentialId;
import org.keyrotation.sandbox.Fault;
import org.keyrotation.sandbox.ReceivedRequest;
import org.keyrotation.sandbox.SandboxBroker;
import org.keyrotation.sandbox.SandboxExtension;
import org.keyrotation.sandbox.SimulatedManagementApi;

/** What slows a company down holds up neither another nor the consumer. */
@ExtendWith(SandboxExtension.class)
class LimitsTest {

    private static final String OTHER = "OtherCorp";

    private SandboxBroker broker;
    private SimulatedManagementApi api;
    private Lane lane;

    @BeforeEach
    void openALane(SandboxBroker shared, SimulatedManagementApi fresh) {
        broker = shared;
        api = fresh;
        lane = Lane.of(shared, fresh);
        IntStream.range(0, 30).forEach(i -> {
            api.addCredential(COMPANY, "S2-" + i);
            api.addCredential(OTHER, "S2-" + i);
        });
    }

    @Test
    @DisplayName("I1: after a 429 its company is left alone for as long as it asks, and no other")
    void a429SlowsItsCompanyAlone() {
        lane.with("rotation.retry.delays", "PT10M");
        api.faults().failNext(COMPANY, "S2-0", Fault.status(429).retryAfter(Duration.ofMinutes(5)));
        try (RunningRoutes routes = lane.start()) {
            lane.request("S2-0");
            routes.awaitTried();
            List<ReceivedRequest> before = api.requests();
            IntStream.range(1, 30).forEach(i -> lane.request("S2-" + i));
            IntStream.range(0, 30).forEach(i -> lane.request(new CredentialId(OTHER, "S2-" + i)));
            routes.awaitTried();

            assertThat(api.requests().stream().skip(before.size()).filter(call -> call.path()
                            .contains(COMPANY)))
                    .isEmpty();
            assertThat(lane.rotated()).hasSize(30).allSatisfy(event -> assertThat(event.companyId())
                    .isEqualTo(OTHER));
            assertThat(lane.lagOfRetries()).isEqualTo(30);
        }
    }

    @Test
    @DisplayName("a limit far below what waits leads to no rebalance, holds up no other company, and loses nothing")
    void aLowLimitLeadsToNoRebalance() {
        lane.with("rotation.api.requests-per-second", "5").with("rotation.api.max-in-flight", "2");
        try (RunningRoutes routes = RunningRoutes.notStarted(lane)) {
            routes.kafka().setMaxPollIntervalMs(3_000);
            routes.start(new RotationRoutes(lane.settings())).awaitOpen();
            routes.awaitConsumers(1);
            List<String> members = broker.topics().members(lane.group());
            IntStream.range(0, 30).forEach(i -> lane.request("S2-" + i));
            lane.request(new CredentialId(OTHER, "S2-0"));
            routes.await(() ->
                    lane.rotated().stream().anyMatch(event -> event.companyId().equals(OTHER)));
            int ofTheLimited = lane.rotated().size() - 1;
            routes.awaitCommitted();

            assertThat(ofTheLimited).isLessThan(30);
            assertThat(broker.topics().members(lane.group())).isEqualTo(members);
        }
        assertThat(lane.rotated()).hasSize(31);
        assertThat(lane.records(lane.retryTopic())).isNotEmpty();
        assertThat(api.truth().totalGenerations()).isEqualTo(31);
    }

    @Test
    @DisplayName("an API that is slower than max.poll.interval.ms leads to no rebalance")
    void aSlowApiLeadsToNoRebalance() {
        api.latency(Duration.ofSeconds(4));
        lane.with("rotation.api.max-in-flight", "1").with("rotation.read-back", "false");
        try (RunningRoutes routes = RunningRoutes.notStarted(lane)) {
            routes.kafka().setMaxPollIntervalMs(3_000);
            routes.start(new RotationRoutes(lane.settings())).awaitOpen();
            routes.awaitConsumers(1);
            List<String> members = broker.topics().members(lane.group());
            lane.request("S2-0");
            lane.request("S2-1");
            routes.awaitCommitted();

            assertThat(broker.topics().members(lane.group())).isEqualTo(members);
        }
        assertThat(lane.rotated()).hasSize(2);
        assertThat(api.generateRequests()).hasSize(2);
    }
}
