package org.keyrotation.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.keyrotation.sandbox.ApiTestClient.COMPANY;
import static org.keyrotation.sandbox.ApiTestClient.CREDENTIAL;
import static org.keyrotation.sandbox.ApiTestClient.GENERATE;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Faults of the connection, observed on a plain socket. */
@ExtendWith(SandboxExtension.class)
class BrokenConnectionTest {

    private SimulatedManagementApi api;

    @BeforeEach
    void setUp(SimulatedManagementApi fresh) {
        api = fresh;
        api.addCredential(COMPANY, CREDENTIAL);
    }

    @Test
    void withoutAFaultTheResponseIsComplete() throws Exception {
        assertThat(exchange("Connection: close\r\n"))
                .startsWith("HTTP/1.1 200 OK")
                .contains("content-length: 53")
                .contains(key());
    }

    @Test
    void truncatedBodyEndsBeforeItsContentLength() throws Exception {
        api.faults().failNext(Fault.truncated());
        String response = exchange("");

        assertThat(response).containsIgnoringCase("content-length: 53").containsPattern("\r\n\r\n.{26}$");
        assertThat(api.truth().totalGenerations()).isEqualTo(1);
    }

    @Test
    void badChunkHasTheBodyInPlaceOfItsSize() throws Exception {
        api.faults().failNext(Fault.badChunk());
        String response = exchange("");

        assertThat(response)
                .startsWith("HTTP/1.1 200 OK")
                .contains("chunked\r\n\r\n{\"clientKey\":\"" + key() + "\"}\r\n");
    }

    @Test
    void badHeaderContainsTheBodyAndNoColon() throws Exception {
        api.faults().failNext(Fault.badHeader());
        String response = exchange("");

        assertThat(response)
                .startsWith("HTTP/1.1 200 OK")
                .contains("json\r\n{\"clientKey\" \"" + key() + "\"}\r\n\r\n");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void resetClosesTheConnectionWithRst(boolean afterExecuting) {
        api.faults().failNext(afterExecuting ? Fault.reset().afterExecuting() : Fault.reset());

        assertThatThrownBy(() -> exchange(""))
                .isInstanceOf(SocketException.class)
                .hasMessageContaining("reset");
        assertThat(api.truth().totalGenerations()).isEqualTo(afterExecuting ? 1 : 0);
        assertThat(api.requests().get(0).status()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void hangLeavesTheCallInFlight(boolean afterExecuting) {
        api.faults().failNext(afterExecuting ? Fault.hang().afterExecuting() : Fault.hang());
        CompletableFuture<ReceivedRequest> decided = new CompletableFuture<>();
        api.onRequest(decided::complete);
        ApiTestClient client = ApiTestClient.of(api);

        CompletableFuture<?> hanging = client.generating();

        await().untilAsserted(() -> assertThat(decided).isCompleted());
        assertThat(api.truth().totalGenerations()).isEqualTo(afterExecuting ? 1 : 0);
        assertThat(decided.join().status()).isEmpty();
        assertThat(decided.join().fault()).isPresent();
        assertThat(hanging).isNotDone();
    }

    private String key() {
        return api.truth().currentKey(COMPANY, CREDENTIAL);
    }

    private String exchange(String headers) throws IOException {
        try (Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), api.baseUrl().getPort())) {
            String request =
                    "POST /v3" + GENERATE + " HTTP/1.1\r\nHost: sandbox\r\nX-API-Key: " + api.apiKey() + "\r\n";
            socket.getOutputStream().write((request + headers + "\r\n").getBytes(UTF_8));
            return new String(socket.getInputStream().readAllBytes(), UTF_8);
        }
    }
}
