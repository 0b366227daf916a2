package org.keyrotation.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.keyrotation.sandbox.Caller.COMPANY;
import static org.keyrotation.sandbox.Caller.CREDENTIAL;
import static org.keyrotation.sandbox.Caller.READ;

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

/** Faults that are answers; those of the connection are in {@link BrokenConnectionTest}. */
@ExtendWith(SandboxExtension.class)
class FaultsTest {

    private SimulatedManagementApi api;
    private Caller caller;

    @BeforeEach
    void startTheApi(SimulatedManagementApi fresh) {
        api = fresh;
        caller = Caller.of(fresh);
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
    void anErrorKeepsTheKeyFromBeingGenerated(Fault fault) throws Exception {
        api.faults().failNext(fault);

        assertThat(caller.generate().statusCode()).isGreaterThanOrEqualTo(300);
        assertThat(api.truth().totalGenerations()).isZero();
    }

    @ParameterizedTest
    @MethodSource("errors")
    void unlessItComesAfterExecuting(Fault fault) throws Exception {
        api.faults().failNext(fault.afterExecuting());

        assertThat(caller.generate().statusCode()).isGreaterThanOrEqualTo(300);
        assertThat(api.truth().totalGenerations()).isEqualTo(1);
    }

    static Stream<Fault> spoiltAnswers() {
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
    @MethodSource("spoiltAnswers")
    void aSpoiltAnswerHidesAKeyThatWasGenerated(Fault fault) throws Exception {
        api.faults().failNext(fault);
        HttpResponse<String> answer = caller.generate();

        assertThat(answer.statusCode()).isBetween(200, 204);
        assertThat(answer.body()).doesNotContain(api.truth().currentKey(COMPANY, CREDENTIAL));
        assertThat(api.truth().totalGenerations()).isEqualTo(1);
    }

    @Test
    void anErrorTellsWhatItWasToldToTell() throws Exception {
        api.faults().failNext(Fault.status(503, "703").transientError().withSensitive("canary"));
        HttpResponse<String> answer = caller.generate();
        JsonObject problem = new JsonObject(answer.body());

        assertThat(answer.headers().firstValue("transient-error")).hasValue("true");
        assertThat(problem.getString("errorCode")).isEqualTo("703");
        assertThat(problem.getJsonArray("invalidFields").getJsonObject(0).getString("value"))
                .isEqualTo("canary");
        assertThat(problem.getJsonObject("response").encode()).contains("canary");
    }

    @Test
    void retryAfterIsSecondsOrADate() throws Exception {
        api.faults().failNext(Fault.status(429).retryAfter(Duration.ofMinutes(2)));
        api.faults().failNext(Fault.status(429).retryAfter(Instant.parse("2026-11-03T07:00:01Z")));

        assertThat(caller.generate().headers().firstValue("Retry-After")).hasValue("120");
        assertThat(caller.generate().headers().firstValue("Retry-After")).hasValue("Tue, 03 Nov 2026 07:00:01 GMT");
    }

    @Test
    void aRedirectAndAGatewayLookLikeThemselves() throws Exception {
        api.faults().failNext(Fault.redirect("https://example.org/x"), Fault.badGateway());

        assertThat(caller.generate().headers().firstValue("Location")).hasValue("https://example.org/x");
        assertThat(caller.generate().headers().firstValue("Content-Type")).hasValue("text/html");
    }

    @Test
    void aGatewayThatSpeaksJsonTellsNoErrorCode() throws Exception {
        api.faults().failNext(Fault.gateway(504));
        HttpResponse<String> answer = caller.generate();

        assertThat(answer.statusCode()).isEqualTo(504);
        assertThat(answer.body()).isEqualTo("{\"message\":\"Endpoint request timed out\"}");
    }

    @Test
    void whatExecutesLateIsInProgressMeanwhileAndThenRemembered() throws Exception {
        api.faults().failNext(Fault.gateway(504).executingLate());

        assertThat(caller.generate("Idempotency-Key", "one").statusCode()).isEqualTo(504);
        assertThat(api.truth().totalGenerations()).isZero();
        assertThat(new JsonObject(caller.generate("Idempotency-Key", "one").body()).getString("errorCode"))
                .isEqualTo("704");
        await().until(() -> api.truth().totalGenerations() == 1);
        assertThat(caller.generate("Idempotency-Key", "one").body())
                .contains(api.truth().currentKey(COMPANY, CREDENTIAL));
        assertThat(api.truth().totalGenerations()).isEqualTo(1);
    }

    @Test
    void aFaultOfOneCredentialComesFirstAndMeetsNoOther() throws Exception {
        api.addCredential(COMPANY, "S2-other");
        api.faults().failNext(Fault.status(500));
        api.faults().failNext(COMPANY, CREDENTIAL, Fault.status(400));

        assertThat(caller.generate().statusCode()).isEqualTo(400);
        assertThat(caller.post(Caller.LIST + "/S2-other/generateClientKey", "X-API-Key", api.apiKey())
                        .statusCode())
                .isEqualTo(500);
        assertThat(caller.generate().statusCode()).isEqualTo(200);
    }

    @Test
    void aLastingFaultLastsUntilItIsOver() throws Exception {
        AtomicBoolean down = new AtomicBoolean(true);
        api.faults().failWhile(down::get, Fault.status(500));
        assertThat(caller.generate().statusCode()).isEqualTo(500);

        down.set(false);
        assertThat(caller.generate().statusCode()).isEqualTo(200);

        api.faults().failAlways(Fault.status(500));
        assertThat(caller.generate().statusCode()).isEqualTo(500);

        api.faults().noMoreFaults();
        assertThat(caller.generate().statusCode()).isEqualTo(200);
    }

    @Test
    void theSameSeedGivesTheSameFaults() throws Exception {
        List<Integer> once = statusesOfARandomMix();
        api.faults().noMoreFaults();

        assertThat(once).contains(200, 429, 500).isEqualTo(statusesOfARandomMix());
    }

    @Test
    void readsFailOnlyWhereTheyAreToldTo() throws Exception {
        api.faults().failNext(Fault.status(500));
        assertThat(caller.read(READ).statusCode()).isEqualTo(200);

        api.faults().failNextReads(Fault.status(503));
        assertThat(caller.read(READ).statusCode()).isEqualTo(503);
    }

    @Test
    void aFaultOfReadingOneCredentialMeetsNoOther() throws Exception {
        api.addCredential(COMPANY, "S2-other");
        api.faults().failNextReads(COMPANY, CREDENTIAL, Fault.status(503));

        assertThat(caller.read(Caller.LIST + "/S2-other").statusCode()).isEqualTo(200);
        assertThat(caller.generate().statusCode()).isEqualTo(200);
        assertThat(caller.read(READ).statusCode()).isEqualTo(503);
        assertThat(caller.read(READ).statusCode()).isEqualTo(200);
    }

    @Test
    void aShareOfReadsFailsAtRandomBesideThatOfCalls() throws Exception {
        api.faults().failRandomly(7, 1, Fault.status(500));
        api.faults().failReadsRandomly(7, 0.5, Fault.status(503), Fault.status(429));

        Set<Integer> statuses = new TreeSet<>();
        for (int read = 0; read < 30; read++) {
            statuses.add(caller.read(READ).statusCode());
        }
        assertThat(statuses).containsExactly(200, 429, 503);
    }

    private List<Integer> statusesOfARandomMix() {
        api.faults().failRandomly(7, 0.5, Fault.status(500), Fault.status(429));
        return IntStream.range(0, 30)
                .mapToObj(call -> caller.generating().join().statusCode())
                .toList();
    }
}
