package org.keyrotation.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.keyrotation.model.FailureCode;
import org.keyrotation.sandbox.Fault;
import org.keyrotation.sandbox.SandboxBroker;
import org.keyrotation.sandbox.SandboxExtension;
import org.keyrotation.sandbox.SimulatedManagementApi;
import org.keyrotation.sandbox.TopicClient;

/** The packaged app's metrics by their names, on which dashboards and alerts depend. */
@ExtendWith(SandboxExtension.class)
@Execution(ExecutionMode.CONCURRENT)
class MetricsIT {

    private static final Pattern METRIC = Pattern.compile("rotation_\\w+");

    @Test
    void metricsExistFromTheStartInPrometheusFormat(SandboxBroker broker, SimulatedManagementApi api) throws Exception {
        AppFixture fixture = new AppFixture(broker, api);
        try (AppProcess app = fixture.launch().start()) {
            app.awaitReady();
            assertThat(fixture.management().get("/metrics").headers().firstValue("Content-Type"))
                    .hasValueSatisfying(type -> assertThat(type).startsWith("text/plain; version=0.0.4"));
            for (String outcome : new String[] {"rotated", "failed"}) {
                assertThat(fixture.management().metric("rotation_requests_total{outcome=\"" + outcome + "\"}"))
                        .contains(0.0);
            }
            for (FailureCode code : FailureCode.values()) {
                assertThat(fixture.management().metric("rotation_failures_total{code=\"" + code + "\"}"))
                        .contains(0.0);
            }
            assertThat(fixture.management().metric("rotation_api_in_flight")).contains(0.0);
            assertThat(fixture.management().metric("rotation_request_to_key_seconds_count"))
                    .contains(0.0);
            assertThat(fixture.management().metrics())
                    .contains("# TYPE rotation_requests_total counter")
                    .contains("# TYPE rotation_failures_total counter")
                    .contains("# TYPE rotation_api_in_flight gauge")
                    .contains("# TYPE rotation_request_to_key_seconds histogram");
            assertThat(fixture.management().metrics().lines())
                    .filteredOn(line -> line.startsWith("# HELP rotation_"))
                    .hasSizeGreaterThan(5)
                    .allMatch(line -> line.split(" ").length > 3);
        }
    }

    @Test
    void metricsCountOutcomesFailuresByCodeAndCallsByStatus(SandboxBroker broker, SimulatedManagementApi api)
            throws Exception {
        AppFixture fixture = new AppFixture(broker, api);
        api.faults().failNext(fixture.company, "S2-2", Fault.status(403));
        try (AppProcess app = fixture.launch().start()) {
            app.awaitReady();
            fixture.request(fixture.credential(1));
            fixture.request(fixture.credential(2));
            fixture.send("anything", "not json");
            fixture.awaitAllCommitted();
            ManagementClient management = fixture.management();
            assertThat(management.metric("rotation_requests_total{outcome=\"rotated\"}"))
                    .contains(1.0);
            assertThat(management.metric("rotation_requests_total{outcome=\"failed\"}"))
                    .contains(2.0);
            assertThat(management.metric("rotation_failures_total{code=\"FORBIDDEN\"}"))
                    .contains(1.0);
            assertThat(management.metric("rotation_failures_total{code=\"MALFORMED_REQUEST\"}"))
                    .contains(1.0);
            assertThat(management.metric("rotation_failures_total{code=\"GAVE_UP\"}"))
                    .contains(0.0);
            assertThat(management.metric("rotation_api_calls_seconds_count{method=\"POST\",status=\"200\"}"))
                    .contains(1.0);
            assertThat(management.metric("rotation_api_calls_seconds_count{method=\"POST\",status=\"403\"}"))
                    .contains(1.0);
            assertThat(management.metric(
                            "rotation_api_calls_seconds_bucket{method=\"POST\",status=\"200\",le=\"+Inf\"}"))
                    .contains(1.0);
            assertThat(management.metric("rotation_request_to_key_seconds_bucket{le=\"+Inf\"}"))
                    .contains(1.0);
            assertThat(management.metrics().lines())
                    .as("buckets beyond the limit of the alert KeyRotationSlow")
                    .filteredOn(line -> line.startsWith("rotation_request_to_key_seconds_bucket"))
                    .anyMatch(line -> line.contains("le=\"3600.0\""));
        }
    }

    @Test
    void readmeListsExactlyTheseMetricsAndAlertsAndDashboardHaveNoOthers(
            SandboxBroker broker, SimulatedManagementApi api) throws Exception {
        AppFixture fixture = new AppFixture(broker, api);
        try (AppProcess app = fixture.launch()
                .property("rotation.schedule.enabled", true)
                .property("rotation.schedule.companies", fixture.company)
                .property("rotation.adoption.consumers", "checkout")
                .property("rotation.topics.acknowledgements", TopicClient.uniqueName("acknowledgements"))
                .start()) {
            app.awaitReady();
            fixture.request(fixture.credential(1));
            fixture.awaitAllCommitted();
            assertThat(fixture.management().metrics().lines())
                    .filteredOn(line -> line.startsWith("# TYPE rotation_"))
                    .extracting(line -> line.split(" ", 4)[2])
                    .filteredOn(name -> !name.endsWith("_max")) // the maximum of a histogram
                    .containsExactlyInAnyOrderElementsOf(metricsOfTheReadme());
            assertThat(fixture.management().metrics().lines())
                    .filteredOn(line -> !line.startsWith("#"))
                    .extracting(line -> line.split("[{ ]", 2)[0])
                    .containsAll(metricsOfTheMonitoring());
        }
    }

    private static Set<String> metricsOfTheMonitoring() throws IOException {
        return MonitoringTest.expressions().stream()
                .flatMap(expression -> METRIC.matcher(expression).results())
                .map(MatchResult::group)
                .collect(Collectors.toSet());
    }

    private static List<String> metricsOfTheReadme() throws IOException {
        return Files.readAllLines(Path.of("README.md")).stream()
                .filter(line -> line.startsWith("| `rotation_"))
                .map(line -> line.split("\\|", 3)[1])
                .flatMap(cell -> Stream.of(cell.replaceAll("\\{[^}]*}", "").split(",", -1)))
                .map(name -> name.replace("`", "").strip())
                .toList();
    }

    @Test
    void metricsShowTheCallsInFlight(SandboxBroker broker, SimulatedManagementApi api) throws Exception {
        AppFixture fixture = new AppFixture(broker, api);
        api.faults().failNext(fixture.company, "S2-1", Fault.hang());
        try (AppProcess app = fixture.launch().start()) {
            app.awaitReady();
            fixture.request(fixture.credential(1));
            await().atMost(Duration.ofMinutes(3)).until(() -> fixture.management()
                    .metric("rotation_api_in_flight")
                    .orElseThrow()
                    .equals(1.0));
            fixture.awaitKeyEvents(1);
            assertThat(fixture.management().metric("rotation_api_in_flight")).contains(0.0);
            assertThat(fixture.management().metric("rotation_api_calls_seconds_count{method=\"POST\",status=\"none\"}"))
                    .contains(1.0);
        }
    }
}
