package org.keyrotation.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.keyrotation.sandbox.ApiTestClient.GENERATE;
import static org.keyrotation.sandbox.ApiTestClient.LIST;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SandboxExtension.class)
class ReceivedRequestTest {

    @Test
    void requestIsKeptAsReceived(SimulatedManagementApi api) throws Exception {
        ApiTestClient client = ApiTestClient.of(api);
        client.post(GENERATE + "?a=%20b", "X-API-Key", api.apiKey(), "Repeated", "1", "Repeated", "2");

        assertThat(api.requests()).hasSize(1);
        ReceivedRequest request = api.requests().get(0);
        assertThat(request.method()).isEqualTo("POST");
        assertThat(request.uri()).isEqualTo("/v3" + GENERATE + "?a=%20b");
        assertThat(request.headers().get("rEPEATED")).containsExactly("1", "2");
        assertThat(request.status()).hasValue(200);
        assertThat(request.toString()).doesNotContain(api.apiKey());
    }

    @Test
    void percentEncodedIdIsDecoded(SimulatedManagementApi api) throws Exception {
        ApiTestClient client = ApiTestClient.of(api);
        api.addCredential("AcmeCorp", "ws@a.b+c/d e");

        assertThat(client.read(LIST + "/ws%40a.b+c%2Fd%20e").statusCode()).isEqualTo(200);
    }

    @Test
    void concurrentCallsAreCounted(SimulatedManagementApi api) {
        ApiTestClient client = ApiTestClient.of(api);
        api.latency(Duration.ofHours(1));
        List<CompletableFuture<HttpResponse<String>>> calls =
                Stream.generate(client::generating).limit(300).toList();

        await().until(() -> api.truth().maxInFlight() == 300);
        assertThat(api.truth().maxInFlightPerCredential()).isEqualTo(300);
        assertThat(calls).noneMatch(CompletableFuture::isDone);
    }

    @Test
    void sequentialCallsAreNotConcurrent(SimulatedManagementApi api) throws Exception {
        ApiTestClient client = ApiTestClient.of(api);
        api.latency(Duration.ofMillis(1));
        api.tail(0.5, Duration.ofMillis(2));
        for (int call = 0; call < 20; call++) {
            assertThat(client.generate().statusCode()).isEqualTo(200);
        }

        assertThat(api.truth().maxInFlight()).isEqualTo(1);
    }
}
