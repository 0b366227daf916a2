package org.keyrotation.app;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.awaitility.Awaitility;
import org.keyrotation.model.ClientKeyRotated;
import org.keyrotation.model.CredentialId;
import org.keyrotation.model.Json;
import org.keyrotation.model.RotationFailed;
import org.keyrotation.model.RotationRequest;
import org.keyrotation.sandbox.Ports;
import org.keyrotation.sandbox.SandboxBroker;
import org.keyrotation.sandbox.SimulatedManagementApi;
import org.keyrotation.sandbox.TopicClient;

/**
 * The topics, group, company and management port of one test, with everything that launches the app and reads its
 * events.
 */
public final class AppFixture {

    private static final Duration TIMEOUT = Duration.ofMinutes(3);

    public final String company = TopicClient.uniqueName("Company");
    public final String requests = TopicClient.uniqueName("requests");
    public final String keys = TopicClient.uniqueName("keys");
    public final String failures = TopicClient.uniqueName("failures");
    public final String satisfied = TopicClient.uniqueName("satisfied");
    public final String ledger = TopicClient.uniqueName("ledger");
    public final String retryPrefix = TopicClient.uniqueName("retry");
    public final String group = TopicClient.uniqueName("group");

    private final SandboxBroker broker;
    private final SimulatedManagementApi api;
    private final ManagementClient management;

    public AppFixture(SandboxBroker broker, SimulatedManagementApi api) {
        this.broker = broker;
        this.api = api;
        this.management = new ManagementClient(Ports.free());
    }

    /** All required properties except brokers, authentication and management port, which some tests set themselves. */
    public Map<String, String> properties() {
        Map<String, String> names = new LinkedHashMap<>();
        names.put("rotation.topics.requests", requests);
        names.put("rotation.topics.keys", keys);
        names.put("rotation.topics.failures", failures);
        names.put("rotation.topics.satisfied", satisfied);
        names.put("rotation.topics.ledger", ledger);
        names.put("rotation.topics.retry-prefix", retryPrefix);
        names.put("rotation.kafka.group-id", group);
        names.put("rotation.topics.partitions", "4");
        names.put("rotation.api.base-url", api.baseUrl().toString());
        return names;
    }

    /** A launch with {@link #properties()} only. */
    AppProcess.Launch launchWithTopics() {
        return AppProcess.packaged().properties(properties());
    }

    /** A launch with everything that the app requires: system properties, and the API key in the environment. */
    AppProcess.Launch launch() {
        return connected(AppProcess.packaged());
    }

    /** This launch with everything that the app requires. */
    AppProcess.Launch connected(AppProcess.Launch launch) {
        return launch.properties(properties())
                .property("camel.component.kafka.brokers", broker.bootstrapServers())
                .property("camel.management.port", management.port())
                .environment("ROTATION_API_KEY", api.apiKey());
    }

    /** The text of a configuration file with everything that the app requires, and with these properties. */
    String configuration(Map<String, String> more) {
        Map<String, String> all = properties();
        all.put("camel.component.kafka.brokers", broker.bootstrapServers());
        all.put("camel.management.port", Integer.toString(management.port()));
        all.putAll(more);
        return all.entrySet().stream()
                .map(property -> property.getKey() + "=" + property.getValue() + "\n")
                .collect(Collectors.joining());
    }

    /** A client of the app's health and metrics. */
    ManagementClient management() {
        return management;
    }

    /** Adds a credential of this company to the API. */
    public CredentialId credential(int number) {
        CredentialId credential = new CredentialId(company, "S2-" + number);
        api.addCredential(company, credential.apiCredentialId());
        return credential;
    }

    List<CredentialId> credentials(int count) {
        return IntStream.rangeClosed(1, count).mapToObj(this::credential).toList();
    }

    /** Requests a rotation. The credential determines the requestId. */
    void request(CredentialId credential) throws IOException {
        RotationRequest request =
                RotationRequest.of(credential).completed("of-" + credential.apiCredentialId(), Instant.now());
        send(credential.toString(), Json.mapper().writeValueAsString(request));
    }

    void send(String key, String value) {
        broker.topics().send(requests, key.getBytes(UTF_8), value.getBytes(UTF_8));
    }

    List<ClientKeyRotated> keyEvents() throws IOException {
        List<ClientKeyRotated> events = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record : broker.topics().readAll(keys)) {
            events.add(Json.mapper().readValue(record.value(), ClientKeyRotated.class));
        }
        return events;
    }

    List<RotationFailed> failureEvents() throws IOException {
        List<RotationFailed> events = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record : broker.topics().readAll(failures)) {
            events.add(Json.mapper().readValue(record.value(), RotationFailed.class));
        }
        return events;
    }

    List<ClientKeyRotated> awaitKeyEvents(int count) {
        return Awaitility.await(count + " keys on " + keys)
                .atMost(TIMEOUT)
                .until(this::keyEvents, events -> events.size() >= count);
    }

    List<RotationFailed> awaitFailureEvents(int count) {
        return Awaitility.await(count + " failures on " + failures)
                .atMost(TIMEOUT)
                .until(this::failureEvents, events -> events.size() >= count);
    }

    /** Waits until the group has committed every request. */
    void awaitAllCommitted() {
        Awaitility.await("every request is committed")
                .atMost(TIMEOUT)
                .until(() -> broker.topics().lag(group, requests) == 0);
    }
}
