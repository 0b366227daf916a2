package org.keyrotation.app;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.awaitility.Awaitility;
import org.keyrotation.model.ClientKeyRotated;
import org.keyrotation.model.CredentialId;
import org.keyrotation.model.Json;
import org.keyrotation.model.RotationFailed;
import org.keyrotation.model.RotationRequest;
import org.keyrotation.sandbox.SandboxBroker;
import org.keyrotation.sandbox.SimulatedManagementApi;
import org.keyrotation.sandbox.Topics;

/** Topics, a group, a company and a management port that no other test has: what the app is told, asked, and tells. */
public final class AppFixture {

    private static final Duration PATIENCE = Duration.ofMinutes(3);

    public final String company = Topics.uniqueName("Company");
    public final String requests = Topics.uniqueName("requests");
    public final String keys = Topics.uniqueName("keys");
    public final String failures = Topics.uniqueName("failures");
    public final String ledger = Topics.uniqueName("ledger");
    public final String retryPrefix = Topics.uniqueName("retry");
    public final String group = Topics.uniqueName("group");

    private final SandboxBroker broker;
    private final SimulatedManagementApi api;
    private final Observed observed;

    public AppFixture(SandboxBroker broker, SimulatedManagementApi api) throws IOException {
        this.broker = broker;
        this.api = api;
        this.observed = new Observed(ManagementPort.any());
    }

    /** All but brokers, a sign-in and the management port: what a test of these sets itself. */
    public Map<String, String> names() {
        Map<String, String> names = new LinkedHashMap<>();
        names.put("rotation.topics.requests", requests);
        names.put("rotation.topics.keys", keys);
        names.put("rotation.topics.failures", failures);
        names.put("rotation.topics.ledger", ledger);
        names.put("rotation.topics.retry-prefix", retryPrefix);
        names.put("rotation.kafka.group-id", group);
        names.put("rotation.topics.partitions", "4");
        names.put("rotation.api.base-url", api.baseUrl().toString());
        return names;
    }

    /** With {@link #names()} and nothing else. */
    AppProcess.Launch bare() {
        return AppProcess.packaged().properties(names());
    }

    /** With all that it needs, as system properties but for the API key. */
    AppProcess.Launch app() {
        return bare().property("camel.component.kafka.brokers", broker.bootstrapServers())
                .property("camel.management.port", observed.port())
                .environment("ROTATION_API_KEY", api.apiKey());
    }

    /** Its health and metrics. */
    Observed observed() {
        return observed;
    }

    /** A credential of this company that the API knows. */
    public CredentialId credential(int number) {
        CredentialId credential = new CredentialId(company, "S2-" + number);
        api.addCredential(company, credential.apiCredentialId());
        return credential;
    }

    List<CredentialId> credentials(int count) {
        return IntStream.rangeClosed(1, count).mapToObj(this::credential).toList();
    }

    /** Asks for a rotation; the request's id is that of its credential. */
    void ask(CredentialId credential) throws IOException {
        RotationRequest request =
                RotationRequest.of(credential).completed("of-" + credential.apiCredentialId(), Instant.now());
        send(credential.toString(), Json.mapper().writeValueAsString(request));
    }

    void send(String key, String value) {
        broker.topics().send(requests, key.getBytes(UTF_8), value.getBytes(UTF_8));
    }

    List<ClientKeyRotated> keyEvents() throws IOException {
        List<ClientKeyRotated> events = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> found : broker.topics().readAll(keys)) {
            events.add(Json.mapper().readValue(found.value(), ClientKeyRotated.class));
        }
        return events;
    }

    List<RotationFailed> failureEvents() throws IOException {
        List<RotationFailed> events = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> found : broker.topics().readAll(failures)) {
            events.add(Json.mapper().readValue(found.value(), RotationFailed.class));
        }
        return events;
    }

    List<ClientKeyRotated> awaitKeyEvents(int count) {
        return Awaitility.await(count + " keys on " + keys)
                .atMost(PATIENCE)
                .until(this::keyEvents, events -> events.size() >= count);
    }

    List<RotationFailed> awaitFailureEvents(int count) {
        return Awaitility.await(count + " failures on " + failures)
                .atMost(PATIENCE)
                .until(this::failureEvents, events -> events.size() >= count);
    }

    /** Until the group has committed every request. */
    void awaitAllCommitted() {
        Awaitility.await("every request committed")
                .atMost(PATIENCE)
                .until(() -> broker.topics().lag(group, requests) == 0);
    }
}
