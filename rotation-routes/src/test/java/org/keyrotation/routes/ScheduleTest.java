package org.keyrotation.routes;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.keyrotation.model.RotationRequest;
import org.keyrotation.sandbox.SandboxBroker;
import org.keyrotation.sandbox.SandboxExtension;
import org.keyrotation.sandbox.SimulatedManagementApi;

/** The timer asks like everybody else. */
@ExtendWith(SandboxExtension.class)
class ScheduleTest {

    private SimulatedManagementApi api;
    private Lane lane;

    @BeforeEach
    void openALane(SandboxBroker broker, SimulatedManagementApi fresh) {
        api = fresh;
        api.addCredential("AcmeCorp", "S2-1");
        api.addCredential("OtherCorp", "S2-2");
        lane = Lane.of(broker, fresh)
                .with("rotation.schedule.enabled", "true")
                .with("rotation.schedule.targets", "AcmeCorp/S2-1,OtherCorp/S2-2")
                .with("rotation.min-interval", "PT0S");
    }

    @Test
    void eachTargetIsAskedForEachTickThroughTheRequestsTopic() {
        lane.with("rotation.schedule.tick", "PT1S")
                .runUntil(() -> lane.rotated().size() >= 4);

        Map<Instant, List<RotationRequest>> ticks =
                requests().stream().collect(Collectors.groupingBy(ScheduleTest::dueAt));
        assertThat(ticks).hasSizeGreaterThanOrEqualTo(2);
        assertThat(ticks.values()).allSatisfy(tick -> assertThat(tick)
                .extracting(request -> request.credential().toString())
                .containsExactlyInAnyOrder("AcmeCorp/S2-1", "OtherCorp/S2-2"));
        assertThat(requests()).extracting(RotationRequest::requestId).doesNotHaveDuplicates();
        assertThat(requests()).allSatisfy(request -> {
            assertThat(request.force()).isFalse();
            assertThat(dueAt(request).toEpochMilli() % 1000).isZero();
        });
        assertThat(lane.lastKey("S2-1")).isEqualTo(api.truth().currentKey("AcmeCorp", "S2-1"));
    }

    @Test
    @DisplayName("I7: nothing is asked for because the routes started")
    void nothingIsAskedForBecauseTheRoutesStarted() {
        lane.with("rotation.schedule.tick", "PT1H").start().close();

        lane.handle(() -> {});

        assertThat(lane.records(lane.requestsTopic())).isEmpty();
        assertThat(api.requests()).isEmpty();
    }

    @Test
    void instancesSideBySideAskForTheSame() {
        Clock clock = Clock.tick(Clock.systemUTC(), Duration.ofHours(1));
        lane.with("rotation.schedule.tick", "PT1S");

        try (RunningRoutes one = RunningRoutes.start(lane, clock);
                RunningRoutes two = RunningRoutes.start(lane, clock)) {
            one.awaitOpen();
            two.awaitOpen();
            two.await(() -> lane.records(lane.requestsTopic()).size() >= 4);
        }

        Set<String> ids = requests().stream().map(RotationRequest::requestId).collect(Collectors.toSet());
        assertThat(ids).hasSizeBetween(2, 4);
        assertThat(requests()).hasSizeGreaterThanOrEqualTo(4);
    }

    @Test
    void theRequestOfATargetIsKeyedByIt() {
        lane.with("rotation.schedule.tick", "PT1S")
                .runUntil(() -> lane.records(lane.requestsTopic()).size() >= 2);

        assertThat(lane.records(lane.requestsTopic())).allSatisfy(message -> assertThat(message.key())
                .asString(UTF_8)
                .isEqualTo(RotationRequest.read(message.value()).credential().toString()));
    }

    private List<RotationRequest> requests() {
        return lane.records(lane.requestsTopic()).stream()
                .map(message -> RotationRequest.read(message.value()))
                .toList();
    }

    private static Instant dueAt(RotationRequest request) {
        return Objects.requireNonNull(request.requestedAt());
    }
}
