package org.keyrotation.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.keyrotation.sandbox.ApiTestClient.COMPANY;
import static org.keyrotation.sandbox.ApiTestClient.CREDENTIAL;

import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@ExtendWith(SandboxExtension.class)
class IdempotencyTest {

    private SimulatedManagementApi api;
    private ApiTestClient client;

    @BeforeEach
    void setUp(SimulatedManagementApi fresh) {
        api = fresh;
        client = ApiTestClient.of(fresh);
    }

    @Test
    void repeatedKeyReplaysTheResponse() throws Exception {
        HttpResponse<String> first = client.generate("Idempotency-Key", "k1");
        HttpResponse<String> second = client.generate("idempotency-key", "k1");

        assertThat(second.body()).isEqualTo(first.body());
        assertThat(first.headers().firstValue("Idempotency-Key")).hasValue("k1");
        assertThat(second.headers().firstValue("Idempotency-Key")).hasValue("k1");
        assertThat(api.truth().generations(COMPANY, CREDENTIAL))
                .extracting(Generation::idempotencyKey)
                .containsExactly("k1");
    }

    @Test
    void anotherKeyOrNoneGeneratesAgain() throws Exception {
        client.generate("Idempotency-Key", "k1");
        client.generate("Idempotency-Key", "k2");
        HttpResponse<String> without = client.generate();

        assertThat(api.truth().totalGenerations()).isEqualTo(3);
        assertThat(without.headers().firstValue("Idempotency-Key")).isEmpty();
    }

    @Test
    void duplicateInProgressIsRejectedWith704() throws Exception {
        api.latency(Duration.ofHours(1));
        CompletableFuture<HttpResponse<String>> first = client.generating("Idempotency-Key", "k1");
        await().until(() -> api.requests().size() == 1);
        api.latency(Duration.ZERO);

        HttpResponse<String> second = client.generate("Idempotency-Key", "k1");

        assertThat(second.statusCode()).isEqualTo(422);
        assertThat(new JsonObject(second.body()).getString("errorCode")).isEqualTo("704");
        assertThat(first).isNotDone();
    }

    @ParameterizedTest
    @MethodSource("apiErrors")
    void apiErrorDoesNotApplyToAKeyInProgress(Fault error) throws Exception {
        api.latency(Duration.ofHours(1));
        CompletableFuture<HttpResponse<String>> first = client.generating("Idempotency-Key", "k1");
        await().until(() -> api.requests().size() == 1);
        api.latency(Duration.ZERO);
        api.faults().failNext(error);

        assertThat(client.generate("Idempotency-Key", "k1").statusCode()).isEqualTo(422);
        assertThat(first).isNotDone();
    }

    static Stream<Fault> apiErrors() {
        return Stream.of(Fault.status(500), Fault.status(500).afterExecuting());
    }

    @Test
    void errorIsReplayed() throws Exception {
        api.faults().failNext(Fault.status(500));
        HttpResponse<String> first = client.generate("Idempotency-Key", "k1");
        HttpResponse<String> second = client.generate("Idempotency-Key", "k1");

        assertThat(second.statusCode()).isEqualTo(500);
        assertThat(second.body()).isEqualTo(first.body());
        assertThat(api.truth().totalGenerations()).isZero();
    }

    @Test
    void transientErrorIsNotStored() throws Exception {
        api.faults().failNext(Fault.status(500).transientError());
        HttpResponse<String> first = client.generate("Idempotency-Key", "k1");
        HttpResponse<String> second = client.generate("Idempotency-Key", "k1");

        assertThat(first.headers().firstValue("transient-error")).hasValue("true");
        assertThat(second.statusCode()).isEqualTo(200);
    }

    @Test
    void lostResponseIsReplayed() throws Exception {
        api.faults().failNext(Fault.notJson());
        client.generate("Idempotency-Key", "k1");
        String replayed = client.generate("Idempotency-Key", "k1").body();

        assertThat(new JsonObject(replayed).getString("clientKey"))
                .isEqualTo(api.truth().currentKey(COMPANY, CREDENTIAL));
        assertThat(api.truth().totalGenerations()).isEqualTo(1);
    }

    @Test
    void responseExpiresAfterSevenDays() throws Exception {
        client.generate("Idempotency-Key", "k1");
        api.clock().advance(Duration.ofDays(8));
        client.generate("Idempotency-Key", "k1");

        assertThat(api.truth().totalGenerations()).isEqualTo(2);
    }

    @Test
    void nothingIsStoredWhileDisabled() throws Exception {
        api.idempotency(false);
        client.generate("Idempotency-Key", "k1");
        HttpResponse<String> second = client.generate("Idempotency-Key", "k1");

        assertThat(api.truth().totalGenerations()).isEqualTo(2);
        assertThat(second.headers().firstValue("Idempotency-Key")).isEmpty();
    }
}
