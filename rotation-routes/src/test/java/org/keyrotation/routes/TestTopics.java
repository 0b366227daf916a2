package org.keyrotation.routes;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;
import org.keyrotation.model.ClientKeyRotated;
import org.keyrotation.model.CredentialId;
import org.keyrotation.model.Json;
import org.keyrotation.model.RequestSatisfied;
import org.keyrotation.model.RotationFailed;
import org.keyrotation.model.RotationRequest;
import org.keyrotation.routes.api.ApiHttpClient;
import org.keyrotation.sandbox.SandboxBroker;
import org.keyrotation.sandbox.SimulatedManagementApi;
import org.keyrotation.sandbox.TopicClient;

/** The topics, consumer group and settings of one test on the shared broker, with methods that send requests and read events. */
final class TestTopics {

    static final String COMPANY = "AcmeCorp";
    private static final byte[] CONTROL = "$control".getBytes(UTF_8);
    static final Duration TIMEOUT = Duration.ofMinutes(2);

    private final SandboxBroker broker;
    private final Map<String, String> properties = new TreeMap<>();

    private TestTopics(SandboxBroker broker) {
        this.broker = broker;
    }

    static TestTopics of(SandboxBroker broker, SimulatedManagementApi api) {
        return of(broker)
                .with("rotation.api.base-url", api.baseUrl().toString())
                .with("rotation.api.key", api.apiKey());
    }

    /** Creates the settings without an API and its authentication. */
    static TestTopics of(SandboxBroker broker) {
        return new TestTopics(broker)
                .with("rotation.topics.requests", TopicClient.uniqueName("requests"))
                .with("rotation.topics.keys", TopicClient.uniqueName("keys"))
                .with("rotation.topics.failures", TopicClient.uniqueName("failures"))
                .with("rotation.topics.satisfied", TopicClient.uniqueName("satisfied"))
                .with("rotation.topics.ledger", TopicClient.uniqueName("ledger"))
                .with("rotation.topics.retry-prefix", TopicClient.uniqueName("retry"))
                .with("rotation.retry.delays", "PT1S")
                .with("rotation.topics.partitions", "2")
                .with("rotation.kafka.group-id", TopicClient.uniqueName("group"));
    }

    TestTopics with(ApiHttpClient client) {
        return with("rotation.api.http-client", client.component());
    }

    TestTopics with(String property, String value) {
        properties.put(property, value);
        return this;
    }

    TestTopics without(String property) {
        properties.remove(property);
        return this;
    }

    /** Starts the routes and returns once the intake consumes requests. */
    RunningRoutes start() {
        return RunningRoutes.start(this).awaitIntake();
    }

    /** Runs the routes until the offset of every request is committed, also of those that were sent before. */
    void processAll() {
        processAll(() -> {});
    }

    /** Runs the routes while the requests are sent, and until the offset of every request is committed. */
    void processAll(Runnable requests) {
        try (RunningRoutes routes = start()) {
            requests.run();
            routes.awaitCommitted();
        }
    }

    /** The timeouts of the API determine the lease of an unfinished rotation: 17 seconds with these. */
    TestTopics withShortLease() {
        return with("rotation.api.connect-timeout", "PT1S").with("rotation.api.response-timeout", "PT5S");
    }

    RotationSettings settings() {
        return RotationSettings.of(properties);
    }

    Map<String, String> properties() {
        return properties;
    }

    SandboxBroker broker() {
        return broker;
    }

    String requestsTopic() {
        return property("rotation.topics.requests");
    }

    String keysTopic() {
        return property("rotation.topics.keys");
    }

    String failuresTopic() {
        return property("rotation.topics.failures");
    }

    String satisfiedTopic() {
        return property("rotation.topics.satisfied");
    }

    String ledgerTopic() {
        return property("rotation.topics.ledger");
    }

    String retryTopic() {
        return property("rotation.topics.retry-prefix") + ".1";
    }

    String group() {
        return property("rotation.kafka.group-id");
    }

    /** Sends a request for a credential of {@link #COMPANY}, with its record key. */
    RecordMetadata request(String apiCredentialId) {
        return request(apiCredentialId, "request-" + apiCredentialId, List.of());
    }

    RecordMetadata request(String apiCredentialId, String requestId, Iterable<Header> headers) {
        String json = "{\"requestId\":\"%s\",\"companyId\":\"%s\",\"apiCredentialId\":\"%s\"}"
                .formatted(requestId, COMPANY, apiCredentialId);
        byte[] key = (COMPANY + "/" + apiCredentialId).getBytes(UTF_8);
        return broker.topics().send(requestsTopic(), key, json.getBytes(UTF_8), headers);
    }

    /** Sends a request for a credential of {@link #COMPANY} that alice made at this time because of a leak. */
    RecordMetadata request(String apiCredentialId, String requestId, Instant requestedAt) {
        RotationRequest request =
                new RotationRequest(requestId, COMPANY, apiCredentialId, "leak", "alice", requestedAt, false);
        byte[] key = request.credential().toString().getBytes(UTF_8);
        try {
            return broker.topics().send(requestsTopic(), key, Json.mapper().writeValueAsBytes(request));
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The partition that the default partitioner of the Java client gives a credential of {@link #COMPANY}. */
    int homePartition(String apiCredentialId) {
        byte[] key = (COMPANY + "/" + apiCredentialId).getBytes(UTF_8);
        return BuiltInPartitioner.partitionForKey(key, Integer.parseInt(property("rotation.topics.partitions")));
    }

    /** Sends a request without a key. */
    RecordMetadata send(byte @Nullable [] value) {
        return broker.topics().send(requestsTopic(), null, value);
    }

    /**
     * Counts requests that are not committed on the requests topic, or wait on the retry topic. Each topic is read twice: a
     * request can move to the other one and back meanwhile.
     */
    long lag() {
        long requests = requestLag();
        long retries = retryLag();
        return Math.max(requests, requestLag()) + Math.max(retries, retryLag());
    }

    /** Counts requests that wait on the retry topic. */
    long retryLag() {
        return broker.topics().lag(group() + "." + retryTopic(), retryTopic());
    }

    long requestLag() {
        return broker.topics().lag(group(), requestsTopic());
    }

    List<ClientKeyRotated> rotated() {
        return records(keysTopic()).stream()
                .map(message -> read(message, ClientKeyRotated.class))
                .toList();
    }

    List<RotationFailed> failed() {
        return records(failuresTopic()).stream()
                .map(message -> read(message, RotationFailed.class))
                .toList();
    }

    List<RequestSatisfied> satisfied() {
        return records(satisfiedTopic()).stream()
                .map(message -> read(message, RequestSatisfied.class))
                .toList();
    }

    /** The last key that was published for a credential of {@link #COMPANY}. */
    String lastKey(String apiCredentialId) {
        return lastEvent(apiCredentialId).clientKey().value();
    }

    ClientKeyRotated lastEvent(String apiCredentialId) {
        return rotated().stream()
                .filter(event -> event.credential().equals(new CredentialId(COMPANY, apiCredentialId)))
                .reduce((earlier, later) -> later)
                .orElseThrow();
    }

    /** Reads a topic, without the control records of the ledger. */
    List<ConsumerRecord<byte[], byte[]>> records(String topic) {
        return broker.topics().readAll(topic).stream()
                .filter(message -> !isControl(message))
                .toList();
    }

    /** Reads the values of the ledger's control records; a tombstone is an empty text. */
    List<String> controlRecords() {
        return broker.topics().readAll(ledgerTopic()).stream()
                .filter(TestTopics::isControl)
                .map(message -> message.value() == null ? "" : new String(message.value(), UTF_8))
                .toList();
    }

    void sendControl(@Nullable String value) {
        broker.topics().send(ledgerTopic(), CONTROL, value == null ? null : value.getBytes(UTF_8));
    }

    /** Replaces the control record by one that alice has paused, or resumed. */
    void sendPause(boolean paused, @Nullable Instant until) {
        List<String> records = controlRecords();
        ObjectNode control = read(records.get(records.size() - 1));
        control.put("revision", control.get("revision").longValue() + 1);
        ObjectNode pause = control.putObject("pause").put("paused", paused).put("by", "alice");
        if (until != null) {
            pause.put("until", until.toString());
        }
        sendControl(control.toString());
    }

    private static ObjectNode read(String json) {
        try {
            return (ObjectNode) Json.mapper().readTree(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isControl(ConsumerRecord<byte[], byte[]> message) {
        return Arrays.equals(message.key(), CONTROL);
    }

    String property(String name) {
        String value = properties.get(name);
        if (value == null) {
            throw new IllegalStateException(name);
        }
        return value;
    }

    static <T> T read(ConsumerRecord<byte[], byte[]> message, Class<T> type) {
        try {
            return Json.mapper().readValue(message.value(), type);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
