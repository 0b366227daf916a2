package org.keyrotation.routes;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.keyrotation.model.CredentialId;
import org.keyrotation.model.FailureCode;
import org.keyrotation.model.RotationRequest;
import org.keyrotation.routes.api.ApiHttpClient;
import org.keyrotation.sandbox.ApiUser;
import org.keyrotation.sandbox.ReceivedRequest;
import org.keyrotation.sandbox.SimulatedManagementApi;

/** The HTTP requests to the API, to the letter, and their authentication. */
@ExtendWith(TestTopicsExtension.class)
@Execution(ExecutionMode.CONCURRENT)
@ParameterizedClass
@EnumSource(ApiHttpClient.class)
class ApiRequestIT {

    private static final CredentialId CREDENTIAL = new CredentialId("AcmeCorp", "S2-1");
    private static final CredentialId OTHER = new CredentialId("OtherCorp", "S2-1");

    private final ApiHttpClient client;
    private final SimulatedManagementApi api;
    private final TestTopics topics;

    ApiRequestIT(ApiHttpClient client, SimulatedManagementApi api, TestTopics topics) {
        this.client = client;
        this.api = api;
        this.topics = topics.with(client).with("rotation.read-back", "false");
        api.addCredential(OTHER.companyId(), OTHER.apiCredentialId());
    }

    @Test
    void generateRequestHasTheRequiredHeadersOnly() {
        rotate(CREDENTIAL);

        ReceivedRequest request = onlyRequest();
        assertThat(request.method()).isEqualTo("POST");
        assertThat(request.uri()).isEqualTo("/v3/companies/AcmeCorp/apiCredentials/S2-1/generateClientKey");
        assertThat(request.body()).isEmpty();
        Map<String, List<String>> headers = request.headers();
        assertThat(names(request))
                .containsExactlyInAnyOrder(
                        "accept",
                        "accept-encoding",
                        "content-length",
                        "host",
                        "idempotency-key",
                        "user-agent",
                        "x-api-key");
        assertThat(headers.get("X-API-Key")).containsExactly(api.apiKey());
        assertThat(headers.get("Accept")).containsExactly("application/json");
        assertThat(headers.get("Host")).containsExactly(api.baseUrl().getAuthority());
        assertThat(headers.get("Content-Length")).containsExactly("0");
        String idempotencyKey = request.header("Idempotency-Key").orElseThrow();
        assertThat(UUID.fromString(idempotencyKey)).hasToString(idempotencyKey);
    }

    @Test
    void readRequestHasTheRequiredHeadersOnly() {
        rotate(CREDENTIAL, topics.with("rotation.read-back", "true"));

        ReceivedRequest request = api.requests().get(0);
        assertThat(request.method()).isEqualTo("GET");
        assertThat(request.uri()).isEqualTo("/v3/companies/AcmeCorp/apiCredentials/S2-1");
        assertThat(request.body()).isEmpty();
        assertThat(names(request))
                .containsExactlyInAnyOrder("accept", "accept-encoding", "host", "user-agent", "x-api-key");
    }

    @Test
    void idsArePercentEncodedOnce() {
        CredentialId unusual = new CredentialId("Acme@Corp.x_y-1", "S2_a.b@c..d");
        api.addCredential(unusual.companyId(), unusual.apiCredentialId());

        RotationOutcome outcome = rotate(unusual);

        assertThat(onlyRequest().uri())
                .isEqualTo("/v3/companies/Acme%40Corp.x_y-1/apiCredentials/S2_a.b%40c..d/generateClientKey");
        assertThat(outcome).isInstanceOf(RotationOutcome.Rotated.class);
    }

    @Test
    void trailingSlashOfTheBaseUrlIsNotDoubled() {
        topics.with("rotation.api.base-url", api.baseUrl() + "/");

        rotate(CREDENTIAL);

        assertThat(onlyRequest().uri()).startsWith("/v3/companies/");
    }

    @Test
    void hostOfTheBaseUrlIsResolved() {
        topics.with("rotation.api.base-url", api.baseUrl().toString().replace("127.0.0.1", "localhost"));

        assertThat(rotate(CREDENTIAL)).isInstanceOf(RotationOutcome.Rotated.class);
    }

    @Test
    void eachRotationHasItsOwnIdempotencyKey() {
        try (RunningRoutes routes = topics.with("rotation.min-interval", "PT0S").start()) {
            routes.rotate(RotationRequest.of(CREDENTIAL));
            routes.rotate(RotationRequest.of(CREDENTIAL));
        }

        assertThat(api.requests())
                .extracting(request -> request.header("Idempotency-Key").orElseThrow())
                .doesNotHaveDuplicates()
                .hasSize(2);
    }

    @Test
    void basicAuthIsSentPreemptively() {
        topics.without("rotation.api.key")
                .with("rotation.api.username", api.username())
                .with("rotation.api.password", api.password());

        RotationOutcome outcome = rotate(CREDENTIAL);

        String pair = api.username() + ":" + api.password();
        assertThat(onlyRequest().headers().get("Authorization"))
                .containsExactly("Basic " + Base64.getEncoder().encodeToString(pair.getBytes(UTF_8)));
        assertThat(onlyRequest().header("X-API-Key")).isEmpty();
        assertThat(outcome).isInstanceOf(RotationOutcome.Rotated.class);
    }

    @Test
    @Tag("I6")
    void companyUsesItsOwnAuth() {
        ApiUser user = api.addUser(OTHER.companyId());
        topics.with("rotation.api.companies.OtherCorp.username", user.username())
                .with("rotation.api.companies.OtherCorp.password", user.password());

        try (RunningRoutes routes = topics.start()) {
            routes.rotate(RotationRequest.of(CREDENTIAL));
            routes.rotate(RotationRequest.of(OTHER));
        }

        ReceivedRequest first = api.requests().get(0);
        ReceivedRequest second = api.requests().get(1);
        assertThat(first.header("X-API-Key")).contains(api.apiKey());
        assertThat(first.header("Authorization")).isEmpty();
        assertThat(second.header("X-API-Key")).isEmpty();
        assertThat(second.header("Authorization")).isPresent();
        assertThat(api.truth().totalGenerations()).isEqualTo(2);
    }

    @Test
    void companyWithoutAuthIsForbiddenWithoutACall() {
        topics.without("rotation.api.key").with("rotation.api.companies.OtherCorp.key", api.apiKey());

        RotationOutcome outcome = rotate(CREDENTIAL);

        assertThat(outcome).isInstanceOfSatisfying(RotationOutcome.Failed.class, failed -> {
            assertThat(failed.event().code()).isEqualTo(FailureCode.FORBIDDEN);
            assertThat(failed.event().detail()).contains("rotation.api.companies.AcmeCorp.key");
        });
        assertThat(api.requests()).isEmpty();
    }

    @Test
    void unreachableApiEndsInGaveUp() {
        URI unreachable = URI.create("http://127.0.0.1:1/v3");

        RotationOutcome outcome = rotate(
                CREDENTIAL,
                topics.with("rotation.api.base-url", unreachable.toString())
                        .with("rotation.retry.give-up-after", "PT0S"));

        assertThat(outcome).isInstanceOfSatisfying(RotationOutcome.Failed.class, failed -> {
            assertThat(failed.event().code()).isEqualTo(FailureCode.GAVE_UP);
            assertThat(failed.event().attempts()).isEqualTo(4);
            assertThat(failed.event().detail()).contains("No connection");
        });
    }

    @Test
    void callsInFlightReachTheLimitAndNoMore() {
        api.latency(Duration.ofMillis(300));
        topics.with("rotation.topics.partitions", "1").with("rotation.api.max-in-flight", "3");
        IntStream.range(0, 12).forEach(i -> api.addCredential("AcmeCorp", "S2-many-" + i));

        try (RunningRoutes routes = topics.start()) {
            routes.awaitConsumers(1);
            IntStream.range(0, 12).forEach(i -> topics.request("S2-many-" + i));
            routes.awaitCommitted();
        }

        assertThat(api.truth().maxInFlight()).isEqualTo(3);
        assertThat(api.truth().totalGenerations()).isEqualTo(12);
    }

    /** Of the two clients camel-http alone says that it keeps the connection alive, which is the default. */
    private Set<String> names(ReceivedRequest request) {
        Set<String> names =
                request.headers().keySet().stream().map(String::toLowerCase).collect(Collectors.toSet());
        assertThat(names.remove("connection")).isEqualTo(client == ApiHttpClient.HTTP);
        return names;
    }

    private RotationOutcome rotate(CredentialId credential) {
        return rotate(credential, topics);
    }

    private static RotationOutcome rotate(CredentialId credential, TestTopics topics) {
        try (RunningRoutes routes = topics.start()) {
            return routes.rotate(RotationRequest.of(credential));
        }
    }

    private ReceivedRequest onlyRequest() {
        assertThat(api.requests()).hasSize(1);
        return api.requests().get(0);
    }
}
