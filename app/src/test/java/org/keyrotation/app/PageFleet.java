package org.keyrotation.app;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.keyrotation.model.CredentialId;
import org.keyrotation.model.CredentialStatus.State;
import org.keyrotation.model.FailureCode;
import org.keyrotation.model.Json;
import org.keyrotation.model.RotationFailed;
import org.keyrotation.routes.ledger.Drift;
import org.keyrotation.routes.ledger.LastKey;
import org.keyrotation.routes.ledger.LedgerEntry;
import org.keyrotation.sandbox.Fault;
import org.keyrotation.sandbox.Ports;
import org.keyrotation.sandbox.SandboxBroker;
import org.keyrotation.sandbox.SimulatedManagementApi;
import org.keyrotation.sandbox.TopicClient;

/** A service with the page, and a fleet in its ledger that has a credential in each state. */
final class PageFleet implements AutoCloseable {

    static final String MARKUP =
            "\"><script>document.title='broken'</script><img src=x onerror=\"document.title='broken'\">";

    /** Its events hold what a stranger may write: markup, and a shell command in the requestId. */
    static final String HOSTILE_REQUEST_ID = "--'; touch /tmp/broken; \"$(id)\" <b>";

    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    /** One of each state. */
    private static final int NAMED = State.values().length;

    final AppFixture fixture;
    final SimulatedManagementApi api;
    final int port;
    private final SandboxBroker broker;
    private final Instant now = Instant.now();
    private final AppProcess app;

    /** @param size the number of credentials */
    PageFleet(SandboxBroker broker, SimulatedManagementApi api, int size) throws IOException {
        this.broker = broker;
        this.api = api;
        this.fixture = new AppFixture(broker, api);
        this.port = Ports.free();
        broker.createTopic(fixture.ledger, 4, Map.of("cleanup.policy", "compact"));
        broker.createTopic(fixture.failures, 4, Map.of());
        writeLedger(size);
        Fault limited = Fault.status(429);
        api.faults()
                .failNext(
                        fixture.company,
                        credential(State.ROTATING).apiCredentialId(),
                        limited,
                        limited,
                        limited,
                        limited);
        this.app = launch().start();
        app.awaitReady();
        fixture.request(credential(State.ROTATING));
        fixture.awaitAllCommitted();
        Awaitility.await("the page").atMost(Duration.ofMinutes(3)).until(() -> get("/").statusCode() == 200);
    }

    private AppProcess.Launch launch() {
        return fixture.launch()
                .property("rotation.page.enabled", true)
                .property("rotation.page.port", port)
                .property("rotation.schedule.enabled", true)
                .property("rotation.schedule.paused", true)
                .property("rotation.schedule.companies", fixture.company)
                .property("rotation.schedule.spread", "PT0S")
                .property("rotation.drift", "off")
                .property("rotation.retry.delays", "PT1H")
                .property("rotation.activation-delay", "PT30S") // a busy page must not skip ACTIVATING
                .property("rotation.adoption.consumers", "checkout")
                .property("rotation.topics.acknowledgements", TopicClient.uniqueName("acknowledgements"));
    }

    private void writeLedger(int size) {
        write(State.DRIFTED, rotated(Duration.ofDays(30)).drifted(new Drift("sha256:00000000000000dd", ago(2))));
        write(State.UNADOPTED, rotated(Duration.ofHours(20)));
        write(State.FAILED, failed());
        write(State.OVERDUE, rotated(Duration.ofDays(95)));
        write(State.ROTATING, rotated(Duration.ofDays(40)));
        write(State.ACTIVATING, rotated(Duration.ofMinutes(-4)));
        write(State.OVERLAP, rotated(Duration.ofHours(3)));
        write(State.DUE, rotated(Duration.ofDays(90).plusHours(2)));
        write(State.FRESH, rotated(Duration.ofDays(10)));
        write(State.UNKNOWN, LedgerEntry.firstSeen(ago(48)));
        IntStream.rangeClosed(1, size - NAMED)
                .forEach(number -> write(fixture.credential(number), rotated(Duration.ofDays(10 + number % 70))));
    }

    private Instant ago(int hours) {
        return now.minus(Duration.ofHours(hours));
    }

    private LedgerEntry failed() {
        RotationFailed event = new RotationFailed(
                HOSTILE_REQUEST_ID,
                fixture.company,
                name(State.FAILED),
                FailureCode.CREDENTIAL_INACTIVE,
                "the credential is inactive " + MARKUP,
                false,
                0,
                ago(5),
                MARKUP,
                MARKUP,
                ago(6),
                false,
                null,
                null,
                null);
        send(fixture.failures, fixture.company + "/" + name(State.FAILED), event);
        return rotated(Duration.ofDays(50)).failed(event);
    }

    private LedgerEntry rotated(Duration ago) {
        Instant at = now.minus(ago);
        Instant rotatedAt = at.isAfter(now) ? now : at;
        LastKey key = new LastKey(
                "sha256:9f86d081884c7d65",
                "sha256:60303ae22b998861",
                at.plus(Duration.ofMinutes(5)),
                rotatedAt.plus(Duration.ofDays(1)),
                null,
                null);
        return new LedgerEntry(4, rotatedAt, rotatedAt, null, null, List.of(), rotatedAt, key, null, null);
    }

    private void write(State state, LedgerEntry entry) {
        api.addCredential(fixture.company, name(state));
        write(credential(state), entry);
    }

    private void write(CredentialId credential, LedgerEntry entry) {
        send(fixture.ledger, credential.toString(), entry);
    }

    private void send(String topic, String key, Object value) {
        try {
            broker.topics().send(topic, key.getBytes(UTF_8), Json.mapper().writeValueAsBytes(value));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String name(State state) {
        return "S2-" + state;
    }

    /** The credential that is in this state. */
    CredentialId credential(State state) {
        return new CredentialId(fixture.company, name(state));
    }

    AppProcess app() {
        return app;
    }

    String url(String path) {
        return "http://127.0.0.1:" + port + path;
    }

    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return send("GET", path, null);
    }

    HttpResponse<String> send(String method, String path, @Nullable String body)
            throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url(path)))
                .method(
                        method,
                        body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body))
                .build();
        return HTTP.send(request, BodyHandlers.ofString());
    }

    @Override
    public void close() {
        app.close();
    }
}
