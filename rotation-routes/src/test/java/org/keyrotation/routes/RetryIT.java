package org.keyrotation.routes;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;
import static org.keyrotation.routes.TestTopics.COMPANY;

import ch.qos.logback.classic.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.apache.camel.health.HealthCheck.State;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.keyrotation.model.FailureCode;
import org.keyrotation.model.RotationFailed;
import org.keyrotation.model.RotationRequest;
import org.keyrotation.sandbox.Fault;
import org.keyrotation.sandbox.SimulatedManagementApi;

/** Deferred requests wait on a retry topic and return to the requests topic. */
@ExtendWith(TestTopicsExtension.class)
@Execution(ExecutionMode.CONCURRENT)
class RetryIT {

    private final SimulatedManagementApi api;
    private final TestTopics topics;

    RetryIT(SimulatedManagementApi api, TestTopics topics) {
        this.api = api;
        this.topics = topics;
    }

    @Test
    @Tag("I1")
    @Tag("I2")
    void deferredRequestKeepsIdTimeSourceAndHistory() {
        api.faults().failNext(COMPANY, "S2-1", tooManyRequests(), tooManyRequests());

        topics.processAll(() -> topics.request("S2-1", "once", List.of()));

        List<ConsumerRecord<byte[], byte[]>> deferred = topics.records(topics.retryTopic());
        assertThat(deferred)
                .extracting(message -> header(message, "rotation-deferrals"))
                .containsOnly("1", "2");
        assertThat(deferred)
                .extracting(message -> header(message, "rotation-attempts"))
                .containsOnly("1", "2");
        assertThat(deferred)
                .extracting(message -> header(message, "rotation-source"))
                .containsOnly(topics.requestsTopic() + "-" + topics.homePartition("S2-1") + "-0");
        assertThat(header(deferred.get(0), "rotation-last-error")).contains("429");
        assertThat(deferred)
                .extracting(message -> RotationRequest.read(message.value()).requestedAt())
                .doesNotContainNull()
                .containsOnly(RotationRequest.read(deferred.get(0).value()).requestedAt());
        assertThat(deferred)
                .extracting(message -> new String(message.key(), UTF_8))
                .containsOnly(COMPANY + "/S2-1");
        assertThat(topics.rotated()).singleElement().satisfies(event -> assertThat(event.requestId())
                .isEqualTo("once"));
        assertThat(api.truth().generations(COMPANY, "S2-1")).hasSize(1);
    }

    @Test
    @Tag("I1")
    void requestGivesUpAfterItsDeadline() {
        topics.with("rotation.retry.give-up-after", "PT2S");
        api.faults().failAlways(tooManyRequests());

        topics.processAll(() -> topics.request("S2-1"));

        RotationFailed failed = topics.failed().get(0);
        assertThat(topics.failed()).hasSize(1);
        assertThat(failed.code()).isEqualTo(FailureCode.GAVE_UP);
        assertThat(failed.retryable()).isTrue();
        assertThat(failed.attempts()).isEqualTo(api.generateRequests().size());
        assertThat(failed.source()).hasToString(topics.requestsTopic() + "-" + topics.homePartition("S2-1") + "-0");
    }

    @Test
    void retryAfterLongerThanTheDelayIsWaitedFor() {
        api.faults().failNext(COMPANY, "S2-1", Fault.status(429).retryAfter(Duration.ofSeconds(10)));
        Instant start = Instant.now();

        topics.processAll(() -> topics.request("S2-1"));

        assertThat(topics.records(topics.retryTopic())).hasSizeGreaterThan(1);
        assertThat(topics.rotated()).singleElement().satisfies(event -> assertThat(event.generatedAt())
                .isAfterOrEqualTo(start.plusSeconds(10)));
        assertThat(api.generateRequests()).hasSize(2);
    }

    @Test
    @Tag("I2")
    @Tag("I3")
    void lostResponseIsReadBackOnceTheApiAllowsIt() {
        AtomicBoolean planted = new AtomicBoolean();
        api.faults().failNext(COMPANY, "S2-1", Fault.reset().afterExecuting());
        api.onRequest(request -> {
            if (request.method().equals("POST") && planted.compareAndSet(false, true)) {
                api.faults().failNextReads(COMPANY, "S2-1", tooManyRequests());
            }
        });

        topics.processAll(() -> topics.request("S2-1"));

        assertThat(topics.rotated()).singleElement().satisfies(event -> assertThat(event.recovered())
                .isTrue());
        assertThat(header(topics.records(topics.retryTopic()).get(0), "rotation-not-before"))
                .isNotEmpty();
        assertThat(api.requests())
                .as("read, call, throttled read-back, read-back")
                .hasSize(4);
        assertThat(api.truth().generations(COMPANY, "S2-1")).hasSize(1);
    }

    @Test
    @Tag("I1")
    void deferredRequestsBlockNeitherOthersNorAStop() {
        topics.with("rotation.retry.delays", "PT10M");
        Fault unavailable =
                Fault.status(503).retryAfter(Duration.ofSeconds(3)); // a 429 would throttle the whole company
        IntStream.range(0, 20).forEach(i -> api.addCredential(COMPANY, "S2-deferred-" + i));
        IntStream.range(0, 20).forEach(i -> api.faults().failNext(COMPANY, "S2-deferred-" + i, unavailable));
        try (RunningRoutes routes = topics.start()) {
            IntStream.range(0, 20).forEach(i -> topics.request("S2-deferred-" + i));
            topics.request("S2-1");
            routes.awaitFirstAttempts();
            routes.await(() -> topics.retryLag() == 20);

            assertThat(topics.rotated()).hasSize(1);
            routes.stopWithin(20);
            assertThat(routes.hasShutdownTimedOut()).isFalse();
        }
        assertThat(topics.retryLag()).isEqualTo(20);
    }

    @Test
    @Tag("I1")
    void rejectedApiKeyDefersRequestsAndTurnsReadinessDown() {
        api.faults().failEverything(Fault.status(401));
        try (RunningRoutes routes = topics.start()) {
            topics.request("S2-1");
            routes.awaitFirstAttempts();
            State rejected = routes.health("rotation-api-authentication").getState();
            api.faults().noMoreFaults();
            routes.awaitCommitted();

            assertThat(rejected).isEqualTo(State.DOWN);
            assertThat(routes.health("rotation-api-authentication").getState()).isEqualTo(State.UP);
        }
        assertThat(topics.records(topics.retryTopic())).isNotEmpty();
        assertThat(topics.rotated()).hasSize(1);
        assertThat(topics.failed()).isEmpty();
    }

    @Test
    @ResourceLock("logs")
    void quickRetryNamesItsAttempt() {
        api.faults().failNextReads(COMPANY, "S2-1", Fault.status(503));

        try (RecordedLogs logs = RecordedLogs.at(Map.of("org.keyrotation", Level.WARN))) {
            topics.processAll(() -> topics.request("S2-1", "unreadable", List.of()));

            assertThat(logs.lines())
                    .filteredOn(line -> line.contains("(request unreadable)"))
                    .singleElement(STRING)
                    .contains("attempt 1 of 4: The credential could not be read: The API answered 503")
                    .doesNotContain("calls");
        }
    }

    @ParameterizedTest
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
    @Tag("I1")
    void invalidRetryHeadersAreIgnored(String header, String value) {
        topics.with("rotation.retry.give-up-after", "PT20S");
        api.faults().failAlways(tooManyRequests());

        topics.processAll(
                () -> topics.request("S2-1", "odd", List.of(new RecordHeader(header, value.getBytes(UTF_8)))));

        assertThat(topics.failed()).singleElement().satisfies(failed -> {
            assertThat(failed.code()).isEqualTo(FailureCode.GAVE_UP);
            assertThat(failed.attempts()).isEqualTo(api.generateRequests().size());
        });
        assertThat(topics.records(topics.retryTopic())).isNotEmpty();
    }

    @Test
    @Tag("I1")
    void oversizedLastErrorIsTruncated() {
        RecordHeader huge = new RecordHeader("rotation-last-error", new byte[400_000]);
        api.faults().failNext(COMPANY, "S2-1", tooManyRequests());

        topics.processAll(() -> topics.request("S2-1", "odd", List.of(huge)));

        assertThat(topics.rotated()).hasSize(1);
    }

    @Test
    @Tag("I2")
    void requestWaitsForAnotherUnfinishedRotation() {
        api.faults().failAlways(Fault.badGateway().retryAfter(Duration.ofSeconds(3)));
        try (RunningRoutes routes =
                topics.withShortLease().with("rotation.min-interval", "PT0S").start()) {
            topics.request("S2-1", "first", List.of());
            routes.awaitFirstAttempts();
            topics.request("S2-1", "second", List.of());
            routes.await(() -> topics.records(topics.retryTopic()).stream()
                    .anyMatch(message -> header(message, "rotation-last-error")
                            .startsWith("The rotation of request first is not finished: ")));
            api.faults().noMoreFaults();
            routes.awaitCommitted();
        }

        assertThat(topics.rotated()).extracting(event -> event.requestId()).containsExactly("first", "second");
        List<String> keys = api.generateRequests().stream()
                .map(request -> request.header("Idempotency-Key").orElseThrow())
                .toList();
        assertThat(keys.subList(0, keys.size() - 1))
                .as("Idempotency-Keys of the first request")
                .hasSizeGreaterThan(1)
                .containsOnly(keys.get(0))
                .doesNotContain(keys.get(keys.size() - 1));
    }

    /** A 429 that asks for a longer wait than a quick retry takes. */
    @Test
    void deferredRequestIsNotHeldUpForADayByAClockThatIsSetBack() {
        api.faults().failNext(COMPANY, "S2-1", Fault.status(503).retryAfter(Duration.ofSeconds(5)));

        try (RunningRoutes routes = RunningRoutes.start(topics, api.clock()).awaitIntake()) {
            topics.request("S2-1");
            routes.await(() -> !topics.records(topics.retryTopic()).isEmpty());
            api.clock().advance(Duration.ofDays(-1));

            routes.await(() -> !topics.rotated().isEmpty());
        }
    }

    private static Fault tooManyRequests() {
        return Fault.status(429).retryAfter(Duration.ofSeconds(3));
    }

    private static String header(ConsumerRecord<byte[], byte[]> message, String name) {
        return new String(message.headers().lastHeader(name).value(), UTF_8);
    }
}
