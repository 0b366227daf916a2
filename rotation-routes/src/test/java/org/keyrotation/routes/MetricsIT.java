package org.keyrotation.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.keyrotation.routes.TestTopics.COMPANY;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.keyrotation.model.CredentialId;
import org.keyrotation.model.FailureCode;
import org.keyrotation.model.Json;
import org.keyrotation.model.RotationRequest;
import org.keyrotation.routes.api.ApiHttpClient;
import org.keyrotation.sandbox.Fault;
import org.keyrotation.sandbox.SimulatedManagementApi;

/** The counters, timers and gauges of the routes. */
@ExtendWith(TestTopicsExtension.class)
@Execution(ExecutionMode.CONCURRENT)
class MetricsIT {

    private final SimulatedManagementApi api;
    private final TestTopics topics;

    MetricsIT(SimulatedManagementApi api, TestTopics topics) {
        this.api = api;
        this.topics = topics;
    }

    @Test
    void eachOutcomeIsCountedOnce() {
        try (RunningRoutes routes = topics.start()) {
            topics.request("S2-1");
            topics.request("S2-1");
            topics.request("S2-unknown");
            topics.send(new byte[] {'x'});
            routes.awaitCommitted();

            assertThat(outcomes(routes, "rotated")).isEqualTo(1);
            assertThat(outcomes(routes, "satisfied")).isEqualTo(1);
            assertThat(routes.meters()
                            .get("rotation.ledger.credentials")
                            .gauge()
                            .value())
                    .isEqualTo(1);
            assertThat(outcomes(routes, "failed")).isEqualTo(2);
            assertThat(failures(routes, FailureCode.CREDENTIAL_NOT_FOUND)).isEqualTo(1);
            assertThat(failures(routes, FailureCode.MALFORMED_REQUEST)).isEqualTo(1);
        }
    }

    @Test
    void everySeriesStartsAtZero() {
        try (RunningRoutes routes = topics.start()) {
            assertThat(outcomes(routes, "rotated")).isZero();
            assertThat(outcomes(routes, "failed")).isZero();
            assertThat(outcomes(routes, "satisfied")).isZero();
            assertThat(routes.meters().counter("rotation.deferrals").count()).isZero();
            assertThat(routes.meters()
                            .get("rotation.ledger.credentials")
                            .gauge()
                            .value())
                    .isZero();
            routes.await(() -> gauge(routes, "rotation.keys.in.overlap") == 0); // NaN until the ledger is read
            assertThat(gauge(routes, "rotation.next.key.expiry.timestamp")).isNaN();
            for (FailureCode code : FailureCode.values()) {
                assertThat(failures(routes, code)).as(code.name()).isZero();
            }
            assertThat(inFlight(routes.meters())).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void callsAreTimedByStatus(ApiHttpClient client) {
        topics.with(client);
        api.faults().failNext(Fault.status(503), Fault.reset());
        try (RunningRoutes routes = topics.start()) {
            topics.request("S2-1");
            routes.awaitCommitted();

            assertThat(calls(routes, "503").count()).isEqualTo(1);
            assertThat(calls(routes, "none").count()).isEqualTo(1);
            assertThat(calls(routes, "200").count()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void callTimerIncludesTheLatencyOfTheApi(ApiHttpClient client) {
        topics.with(client);
        api.latency(Duration.ofMillis(400));
        try (RunningRoutes routes = topics.start()) {
            topics.request("S2-1");
            routes.awaitCommitted();

            assertThat(calls(routes, "200").totalTime(TimeUnit.MILLISECONDS)).isGreaterThanOrEqualTo(400);
        }
    }

    @ParameterizedTest
    @EnumSource
    void callsInFlightAreGauged(ApiHttpClient client) {
        topics.with(client);
        api.faults().failNext(Fault.hang());
        try (RunningRoutes routes = topics.start()) {
            topics.request("S2-1");
            routes.await(() -> inFlight(routes.meters()) == 1);
            routes.stopWithin(1);
        }
        assertThat(api.requests()).isNotEmpty();
    }

    @Test
    void requestIsOpenUntilItHasEnded() {
        api.faults().failNext(Fault.hang());
        try (RunningRoutes routes = topics.start()) {
            assertThat(gauge(routes, "rotation.requests.open")).isZero();
            assertThat(gauge(routes, "rotation.oldest.open.request")).isZero();
            topics.request("S2-1");
            routes.await(() -> gauge(routes, "rotation.requests.open") == 1);
            routes.await(() -> gauge(routes, "rotation.oldest.open.request") > 0);
            routes.stopWithin(1);
        }
    }

    @Test
    void deferredRequestIsOpen() {
        topics.with("rotation.retry.delays", "PT1H");
        api.faults().failNext(Fault.status(429), Fault.status(429), Fault.status(429), Fault.status(429));
        try (RunningRoutes routes = topics.start()) {
            topics.request("S2-1");
            routes.await(() -> !topics.records(topics.retryTopic()).isEmpty());

            routes.await(() -> gauge(routes, "rotation.requests.open") == 1);
            assertThat(gauge(routes, "rotation.oldest.open.request")).isPositive();
        }
    }

    @Test
    void keysInOverlapAreThoseWhosePreviousKeyStillWorks() {
        topics.with("rotation.overlap", "PT1H");
        try (RunningRoutes routes = topics.start()) {
            topics.request("S2-1");
            routes.awaitCommitted();
            routes.await(() -> gauge(routes, "rotation.keys.in.overlap") == 1);

            assertThat(gauge(routes, "rotation.next.key.expiry.timestamp"))
                    .isEqualTo(topics.lastEvent("S2-1").previousKeyExpiresAt().toEpochMilli() / 1000.0);
        }
    }

    private static double gauge(RunningRoutes routes, String name) {
        return routes.meters().get(name).gauge().value();
    }

    @Test
    void requestToKeyIsTimedForRotationsOnly() {
        try (RunningRoutes routes = topics.start()) {
            routes.rotate(requestedAnHourAgo());
            topics.request("S2-unknown");
            routes.awaitCommitted();

            assertThat(toKey(routes).count()).isEqualTo(1);
            assertThat(toKey(routes).totalTime(TimeUnit.SECONDS)).isLessThan(3600);
        }
    }

    /** The retry topic delays a deferred request for a second. */
    @Test
    void requestToKeyCountsFromWhenTheFirstRecordWasProducedWhateverItsRequestedAt() throws Exception {
        api.faults().failNext(Fault.status(429), Fault.status(429), Fault.status(429), Fault.status(429));
        try (RunningRoutes routes = topics.start()) {
            topics.send(Json.mapper().writeValueAsBytes(requestedAnHourAgo()));
            routes.await(() -> toKey(routes).count() == 1);

            assertThat(topics.records(topics.retryTopic())).isNotEmpty();
            assertThat(toKey(routes).totalTime(TimeUnit.SECONDS)).isBetween(1.0, 3599.0);
        }
    }

    @Test
    void everyMeterIsDescribed() {
        topics.with("rotation.schedule.enabled", "true").with("rotation.schedule.targets", COMPANY + "/S2-1");
        try (RunningRoutes routes = topics.start()) {
            topics.request("S2-1");
            routes.awaitCommitted();

            assertThat(routes.meters().getMeters())
                    .extracting(Meter::getId)
                    .filteredOn(id -> id.getName().startsWith("rotation."))
                    .extracting(Meter.Id::getName)
                    .contains("rotation.requests", "rotation.api.calls", "rotation.schedule.due");
            assertThat(routes.meters().getMeters())
                    .extracting(Meter::getId)
                    .filteredOn(id -> id.getName().startsWith("rotation."))
                    .allSatisfy(id -> assertThat(id.getDescription()).isNotBlank());
        }
    }

    private static RotationRequest requestedAnHourAgo() {
        return RotationRequest.of(new CredentialId(COMPANY, "S2-1"))
                .completed("old", Instant.now().minusSeconds(3600));
    }

    private static Timer toKey(RunningRoutes routes) {
        return routes.meters().get("rotation.request.to.key").timer();
    }

    private static double outcomes(RunningRoutes routes, String outcome) {
        return routes.meters()
                .get("rotation.requests")
                .tag("outcome", outcome)
                .counter()
                .count();
    }

    private static double failures(RunningRoutes routes, FailureCode code) {
        return routes.meters()
                .get("rotation.failures")
                .tag("code", code.name())
                .counter()
                .count();
    }

    private static Timer calls(RunningRoutes routes, String status) {
        return routes.meters()
                .get("rotation.api.calls")
                .tags("method", "POST", "status", status)
                .timer();
    }

    private static double inFlight(MeterRegistry meters) {
        return meters.get("rotation.api.in.flight").gauge().value();
    }
}
