package org.keyrotation.routes;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.keyrotation.routes.TestTopics.COMPANY;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.apache.camel.health.HealthCheck.State;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.keyrotation.model.FailureCode;
import org.keyrotation.model.RotationFailed;
import org.keyrotation.model.RotationRequest;
import org.keyrotation.sandbox.Fault;
import org.keyrotation.sandbox.SandboxBroker;
import org.keyrotation.sandbox.SandboxExtension;
import org.keyrotation.sandbox.SimulatedManagementApi;

/** What cannot be done now waits on a retry topic, and comes back. */
@ExtendWith(SandboxExtension.class)
@Execution(ExecutionMode.CONCURRENT)
class RetryIT {

    private SimulatedManagementApi api;
    private TestTopics lane;

    @BeforeEach
    void openALane(SandboxBroker broker, SimulatedManagementApi fresh) {
        api = fresh;
        api.addCredential(COMPANY, "S2-1");
        lane = TestTopics.of(broker, fresh);
    }

    @Test
    @DisplayName("I1, I2: a deferred request brings back its id, its time, its source and its history")
    void aDeferredRequestBringsBackItsHistory() {
        api.faults().failNext(COMPANY, "S2-1", patience(), patience());

        lane.handle(() -> lane.request("S2-1", "asked-once", List.of()));

        List<ConsumerRecord<byte[], byte[]>> deferred = lane.records(lane.retryTopic());
        assertThat(deferred)
                .extracting(message -> header(message, "rotation-deferrals"))
                .containsOnly("1", "2");
        assertThat(deferred)
                .extracting(message -> header(message, "rotation-attempts"))
                .containsOnly("1", "2");
        assertThat(deferred)
                .extracting(message -> header(message, "rotation-source"))
                .containsOnly(lane.requestsTopic() + "-" + lane.homeOf("S2-1") + "-0");
        assertThat(header(deferred.get(0), "rotation-last-error")).contains("429");
        assertThat(deferred)
                .extracting(message -> RotationRequest.read(message.value()).requestedAt())
                .doesNotContainNull()
                .containsOnly(RotationRequest.read(deferred.get(0).value()).requestedAt());
        assertThat(deferred)
                .extracting(message -> new String(message.key(), UTF_8))
                .containsOnly(COMPANY + "/S2-1");
        assertThat(lane.rotated()).singleElement().satisfies(event -> assertThat(event.requestId())
                .isEqualTo("asked-once"));
        assertThat(api.truth().generations(COMPANY, "S2-1")).hasSize(1);
    }

    @Test
    @DisplayName("I1: past give-up-after a request ends as GAVE_UP, found where it first was")
    void pastGiveUpAfterARequestEnds() {
        lane.with("rotation.retry.give-up-after", "PT2S");
        api.faults().failAlways(patience());

        lane.handle(() -> lane.request("S2-1"));

        RotationFailed failed = lane.failed().get(0);
        assertThat(lane.failed()).hasSize(1);
        assertThat(failed.code()).isEqualTo(FailureCode.GAVE_UP);
        assertThat(failed.retryable()).isTrue();
        assertThat(failed.attempts()).isEqualTo(api.generateRequests().size());
        assertThat(failed.source()).hasToString(lane.requestsTopic() + "-" + lane.homeOf("S2-1") + "-0");
    }

    @Test
    void aRetryAfterThatIsLongerThanTheDelayIsWaitedFor() {
        api.faults().failNext(COMPANY, "S2-1", Fault.status(429).retryAfter(Duration.ofSeconds(4)));
        Instant asked = Instant.now();

        lane.handle(() -> lane.request("S2-1"));

        assertThat(lane.records(lane.retryTopic())).hasSizeGreaterThan(1);
        assertThat(lane.rotated()).singleElement().satisfies(event -> assertThat(event.generatedAt())
                .isAfterOrEqualTo(asked.plusSeconds(4)));
        assertThat(api.generateRequests()).hasSize(2);
    }

    @Test
    @DisplayName("I2, I3: a lost answer is looked for when the API allows it, and no sooner")
    void aLostAnswerIsLookedForWhenTheApiAllowsIt() {
        AtomicBoolean planted = new AtomicBoolean();
        api.faults().failNext(COMPANY, "S2-1", Fault.reset().afterExecuting());
        api.onRequest(request -> {
            if (request.method().equals("POST") && planted.compareAndSet(false, true)) {
                api.faults().failNextReads(COMPANY, "S2-1", patience());
            }
        });

        lane.handle(() -> lane.request("S2-1"));

        assertThat(lane.rotated()).singleElement().satisfies(event -> assertThat(event.recovered())
                .isTrue());
        assertThat(header(lane.records(lane.retryTopic()).get(0), "rotation-not-before"))
                .isNotEmpty();
        assertThat(api.requests())
                .as("two readings, one of them refused, a call, and a reading")
                .hasSize(4);
        assertThat(api.truth().generations(COMPANY, "S2-1")).hasSize(1);
    }

    @Test
    @DisplayName("I1: requests that wait hold up neither the others nor a stop")
    void requestsThatWaitHoldUpNobody() {
        lane.with("rotation.retry.delays", "PT10M");
        Fault unavailable =
                Fault.status(503).retryAfter(Duration.ofSeconds(3)); // of a 429 the whole company would rest
        IntStream.range(0, 20).forEach(i -> api.addCredential(COMPANY, "S2-waits-" + i));
        IntStream.range(0, 20).forEach(i -> api.faults().failNext(COMPANY, "S2-waits-" + i, unavailable));
        try (RunningRoutes routes = lane.start()) {
            IntStream.range(0, 20).forEach(i -> lane.request("S2-waits-" + i));
            lane.request("S2-1");
            routes.awaitTried();
            routes.await(() -> lane.lagOfRetries() == 20);

            assertThat(lane.rotated()).hasSize(1);
            routes.stopWithin(20);
            assertThat(routes.wasForced()).isFalse();
        }
        assertThat(lane.lagOfRetries()).isEqualTo(20);
    }

    @Test
    @DisplayName("I1: a refused API key defers every request and turns readiness DOWN, until it is taken again")
    void aRefusedApiKeyDefersRequests() {
        api.faults().failEverything(Fault.status(401));
        try (RunningRoutes routes = lane.start()) {
            lane.request("S2-1");
            routes.awaitTried();
            State refused = routes.health("rotation-api-authentication").getState();
            api.faults().noMoreFaults();
            routes.awaitCommitted();

            assertThat(refused).isEqualTo(State.DOWN);
            assertThat(routes.health("rotation-api-authentication").getState()).isEqualTo(State.UP);
        }
        assertThat(lane.records(lane.retryTopic())).isNotEmpty();
        assertThat(lane.rotated()).hasSize(1);
        assertThat(lane.failed()).isEmpty();
    }

    @ParameterizedTest(name = "I1: {0}: {1}")
    @CsvSource({
        "rotation-deferrals, 2147483647",
        "rotation-deferrals, -7",
        "rotation-attempts, 2147483647",
        "rotation-attempts, many",
        "rotation-first-attempt-at, +1000000000-12-31T23:59:59Z",
        "rotation-first-attempt-at, 9999-12-31T23:59:59Z",
        "rotation-first-attempt-at, 1970-01-01T00:00:00Z",
        "rotation-not-before, +1000000000-12-31T23:59:59Z",
        "rotation-source, nowhere",
    })
    void aHistoryThatMakesNoSenseIsNone(String header, String value) {
        lane.with("rotation.retry.give-up-after", "PT6S");
        api.faults().failAlways(patience());

        lane.handle(() -> lane.request("S2-1", "odd", List.of(new RecordHeader(header, value.getBytes(UTF_8)))));

        assertThat(lane.failed()).singleElement().satisfies(failed -> {
            assertThat(failed.code()).isEqualTo(FailureCode.GAVE_UP);
            assertThat(failed.attempts()).isEqualTo(api.generateRequests().size());
        });
        assertThat(lane.records(lane.retryTopic())).isNotEmpty();
    }

    @Test
    @DisplayName("I1: a last error of any size comes back short")
    void aLastErrorOfAnySizeComesBackShort() {
        RecordHeader huge = new RecordHeader("rotation-last-error", new byte[400_000]);
        api.faults().failNext(COMPANY, "S2-1", patience());

        lane.handle(() -> lane.request("S2-1", "odd", List.of(huge)));

        assertThat(lane.rotated()).hasSize(1);
    }

    @Test
    @DisplayName("I2: a request waits while another one's rotation of its credential is not finished")
    void aRequestWaitsForAnUnfinishedRotation() {
        api.faults().failAlways(Fault.badGateway().retryAfter(Duration.ofSeconds(3)));
        try (RunningRoutes routes = lane.with("rotation.min-interval", "PT0S").start()) {
            lane.request("S2-1", "first", List.of());
            routes.awaitTried();
            lane.request("S2-1", "second", List.of());
            routes.await(() -> lane.records(lane.retryTopic()).stream()
                    .anyMatch(message -> header(message, "rotation-last-error")
                            .equals("The rotation of request first is not finished")));
            api.faults().noMoreFaults();
            routes.awaitCommitted();
        }

        assertThat(lane.rotated()).extracting(event -> event.requestId()).containsExactly("first", "second");
        List<String> keys = api.generateRequests().stream()
                .map(request -> request.header("Idempotency-Key").orElseThrow())
                .toList();
        assertThat(keys.subList(0, keys.size() - 1))
                .as("of the first request")
                .hasSizeGreaterThan(1)
                .containsOnly(keys.get(0))
                .doesNotContain(keys.get(keys.size() - 1));
    }

    /** Longer than anything is waited for in place. */
    private static Fault patience() {
        return Fault.status(429).retryAfter(Duration.ofSeconds(3));
    }

    private static String header(ConsumerRecord<byte[], byte[]> message, String name) {
        return new String(message.headers().lastHeader(name).value(), UTF_8);
    }
}
