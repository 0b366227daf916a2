package org.keyrotation.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.keyrotation.sandbox.ApiTestClient.COMPANY;
import static org.keyrotation.sandbox.ApiTestClient.CREDENTIAL;
import static org.keyrotation.sandbox.ApiTestClient.READ;

import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Faults that are HTTP responses. {@link BrokenConnectionTest} covers those of the connection. */
@ExtendWith(SandboxExtension.class)
class FaultsTest {

    private SimulatedManagementApi api;
    private ApiTestClient client;

    @BeforeEach
    void setUp(SimulatedManagementApi fresh) {
        api = fresh;
        client = ApiTestClient.of(fresh);
    }

    static Stream<Fault> errors() {
        return Stream.of(
                Fault.status(500),
                Fault.status(429),
                Fault.idempotencyStoreDown(),
                Fault.inProgress(),
                Fault.badGateway(),
                Fault.redirect("http://127.0.0.1:1/"));
    }

    @ParameterizedTest
    @MethodSource("errors")
    void errorPreventsTheGeneration(Fault fault) throws Exception {
        api.faults().failNext(fault);

        assertThat(client.generate().statusCode()).isGreaterThanOrEqualTo(300);
        assertThat(api.truth().totalGenerations()).isZero();
    }

    @ParameterizedTest
    @MethodSource("errors")
    void errorAfterExecutingKeepsTheGeneration(Fault fault) throws Exception {
        api.faults().failNext(fault.afterExecuting());

        assertThat(client.generate().statusCode()).isGreaterThanOrEqualTo(300);
        assertThat(api.truth().totalGenerations()).isEqualTo(1);
    }

    static Stream<Fault> corruptedResponses() {
        return Stream.of(
                Fault.noContent(),
                Fault.notJson(),
                Fault.withoutClientKey(),
                Fault.clientKey(""),
                Fault.clientKey(null),
                Fault.clientKey(42),
                Fault.clientKey(List.of("test_A")));
    }

    @ParameterizedTest
    @MethodSource("corruptedResponses")
    void corruptedResponseHidesAGeneratedKey(Fault fault) throws Exception {
        api.faults().failNext(fault);
        HttpResponse<String> response = client.generate();

        assertThat(response.statusCode()).isBetween(200, 204);
        assertThat(response.body()).doesNotContain(api.truth().currentKey(COMPANY, CREDENTIAL));
        assertThat(api.truth().totalGenerations()).isEqualTo(1);
    }

    @Test
    void errorCarriesItsConfiguredContent() throws Exception {
        api.faults().failNext(Fault.status(503, "703").transientError().withSensitive("canary"));
        HttpResponse<String> response = client.generate();
        JsonObject problem = new JsonObject(response.body());

        assertThat(response.headers().firstValue("transient-error")).hasValue("true");
        assertThat(problem.getString("errorCode")).isEqualTo("703");
        assertThat(problem.getJsonArray("invalidFields").getJsonObject(0).getString("value"))
                .isEqualTo("canary");
        assertThat(problem.getJsonObject("response").encode()).contains("canary");
    }

    @Test
    void retryAfterIsInSecondsOrADate() throws Exception {
        api.faults().failNext(Fault.status(429).retryAfter(Duration.ofMinutes(2)));
        api.faults().failNext(Fault.status(429).retryAfter(Instant.parse("2026-11-03T07:00:01Z")));

        assertThat(client.generate().headers().firstValue("Retry-After")).hasValue("120");
        assertThat(client.generate().headers().firstValue("Retry-After")).hasValue("Tue, 03 Nov 2026 07:00:01 GMT");
    }

    @Test
    void redirectAndGatewayErrorHaveTheirHeaders() throws Exception {
        api.faults().failNext(Fault.redirect("https://example.org/x"), Fault.badGateway());

        assertThat(client.generate().headers().firstValue("Location")).hasValue("https://example.org/x");
        assertThat(client.generate().headers().firstValue("Content-Type")).hasValue("text/html");
    }

    @Test
    void gatewayJsonHasNoErrorCode() throws Exception {
        api.faults().failNext(Fault.gateway(504));
        HttpResponse<String> response = client.generate();

        assertThat(response.statusCode()).isEqualTo(504);
        assertThat(response.body()).isEqualTo("{\"message\":\"Endpoint request timed out\"}");
    }

    @Test
    void lateExecutionIsInProgressAndThenStored() throws Exception {
        api.faults().failNext(Fault.gateway(504).executingLate());

        assertThat(client.generate("Idempotency-Key", "one").statusCode()).isEqualTo(504);
        assertThat(api.truth().totalGenerations()).isZero();
        assertThat(new JsonObject(client.generate("Idempotency-Key", "one").body()).getString("errorCode"))
                .isEqualTo("704");
        await().until(() -> api.truth().totalGenerations() == 1);
        assertThat(client.generate("Idempotency-Key", "one").body())
                .contains(api.truth().currentKey(COMPANY, CREDENTIAL));
        assertThat(api.truth().totalGenerations()).isEqualTo(1);
    }

    @Test
    void faultOfACredentialHasPrecedenceAndMissesOthers() throws Exception {
        api.addCredential(COMPANY, "S2-other");
        api.faults().failNext(Fault.status(500));
        api.faults().failNext(COMPANY, CREDENTIAL, Fault.status(400));

        assertThat(client.generate().statusCode()).isEqualTo(400);
        assertThat(client.post(ApiTestClient.LIST + "/S2-other/generateClientKey", "X-API-Key", api.apiKey())
                        .statusCode())
                .isEqualTo(500);
        assertThat(client.generate().statusCode()).isEqualTo(200);
    }

    @Test
    void persistentFaultAppliesUntilItsConditionEnds() throws Exception {
        AtomicBoolean down = new AtomicBoolean(true);
        api.faults().failWhile(down::get, Fault.status(500));
        assertThat(client.generate().statusCode()).isEqualTo(500);

        down.set(false);
        assertThat(client.generate().statusCode()).isEqualTo(200);

        api.faults().failAlways(Fault.status(500));
        assertThat(client.generate().statusCode()).isEqualTo(500);

        api.faults().noMoreFaults();
        assertThat(client.generate().statusCode()).isEqualTo(200);
    }

    @Test
    void sameSeedGivesTheSameFaults() throws Exception {
        List<Integer> once = statusesWithRandomFaults();
        api.faults().noMoreFaults();

        assertThat(once).contains(200, 429, 500).isEqualTo(statusesWithRandomFaults());
    }

    @Test
    void onlyReadFaultsApplyToReads() throws Exception {
        api.faults().failNext(Fault.status(500));
        assertThat(client.read(READ).statusCode()).isEqualTo(200);

        api.faults().failNextReads(Fault.status(503));
        assertThat(client.read(READ).statusCode()).isEqualTo(503);
    }

    @Test
    void readFaultOfACredentialMissesOthers() throws Exception {
        api.addCredential(COMPANY, "S2-other");
        api.faults().failNextReads(COMPANY, CREDENTIAL, Fault.status(503));

        assertThat(client.read(ApiTestClient.LIST + "/S2-other").statusCode()).isEqualTo(200);
        assertThat(client.generate().statusCode()).isEqualTo(200);
        assertThat(client.read(READ).statusCode()).isEqualTo(503);
        assertThat(client.read(READ).statusCode()).isEqualTo(200);
    }

    @Test
    void randomReadFaultsAreIndependentOfCallFaults() throws Exception {
        api.faults().failRandomly(7, 1, Fault.status(500));
        api.faults().failReadsRandomly(7, 0.5, Fault.status(503), Fault.status(429));

        Set<Integer> statuses = new TreeSet<>();
        for (int read = 0; read < 30; read++) {
            statuses.add(client.read(READ).statusCode());
        }
        assertThat(statuses).containsExactly(200, 429, 503);
    }

    private List<Integer> statusesWithRandomFaults() {
        api.faults().failRandomly(7, 0.5, Fault.status(500), Fault.status(429));
        return IntStream.range(0, 30)
                .mapToObj(call -> client.generating().join().statusCode())
                .toList();
    }
}
