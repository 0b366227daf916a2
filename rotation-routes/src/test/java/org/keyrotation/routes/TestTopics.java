package org.keyrotation.routes;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;
import org.keyrotation.model.ClientKeyRotated;
import org.keyrotation.model.CredentialId;
import org.keyrotation.model.Json;
import org.keyrotation.model.RotationFailed;
import org.keyrotation.sandbox.SandboxBroker;
import org.keyrotation.sandbox.SimulatedManagementApi;
import org.keyrotation.sandbox.TopicClient;

/** A test's own topics, consumer group and settings on the shared broker: what goes in, and what came out. */
final class TestTopics {

    static final String COMPANY = "AcmeCorp";
    static final Duration PATIENCE = Duration.ofMinutes(2);

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

    /** To no API yet. */
    static TestTopics of(SandboxBroker broker) {
        return new TestTopics(broker)
                .with("rotation.topics.requests", TopicClient.uniqueName("requests"))
                .with("rotation.topics.keys", TopicClient.uniqueName("keys"))
                .with("rotation.topics.failures", TopicClient.uniqueName("failures"))
                .with("rotation.topics.ledger", TopicClient.uniqueName("ledger"))
                .with("rotation.topics.retry-prefix", TopicClient.uniqueName("retry"))
                .with("rotation.retry.delays", "PT1S")
                .with("rotation.topics.partitions", "2")
                .with("rotation.kafka.group-id", TopicClient.uniqueName("group"));
    }

    TestTopics with(String property, String value) {
        properties.put(property, value);
        return this;
    }

    TestTopics without(String property) {
        properties.remove(property);
        return this;
    }

    /** Waits until requests are read. */
    RunningRoutes start() {
        return RunningRoutes.start(this).awaitOpen();
    }

    /** Runs the routes until this is so. */
    void runUntil(Callable<Boolean> condition) {
        try (RunningRoutes routes = start()) {
            routes.await(condition);
        }
    }

    /** Runs the routes while this is done, and until every offset is committed. */
    void handle(Runnable requests) {
        try (RunningRoutes routes = start()) {
            requests.run();
            routes.awaitCommitted();
        }
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

    String ledgerTopic() {
        return property("rotation.topics.ledger");
    }

    String retryTopic() {
        return property("rotation.topics.retry-prefix") + ".1";
    }

    String group() {
        return property("rotation.kafka.group-id");
    }

    /** A request for a credential of {@link #COMPANY}, keyed as it should be. */
    RecordMetadata request(String apiCredentialId) {
        return request(apiCredentialId, "request-" + apiCredentialId, List.of());
    }

    RecordMetadata request(String apiCredentialId, String requestId, Iterable<Header> headers) {
        String json = "{\"requestId\":\"%s\",\"companyId\":\"%s\",\"apiCredentialId\":\"%s\"}"
                .formatted(requestId, COMPANY, apiCredentialId);
        byte[] key = (COMPANY + "/" + apiCredentialId).getBytes(UTF_8);
        return broker.topics().send(requestsTopic(), key, json.getBytes(UTF_8), headers);
    }

    /** The partition that Java's default partitioner gives the requests of a credential of {@link #COMPANY}. */
    int homeOf(String apiCredentialId) {
        byte[] key = (COMPANY + "/" + apiCredentialId).getBytes(UTF_8);
        return BuiltInPartitioner.partitionForKey(key, Integer.parseInt(property("rotation.topics.partitions")));
    }

    RecordMetadata send(byte @Nullable [] value) {
        return broker.topics().send(requestsTopic(), null, value);
    }

    /** How many requests are not done: not committed on their topic, or waiting on the retry topic. */
    long lag() {
        long before = lagOfRequests();
        return lagOfRetries() + Math.max(before, lagOfRequests());
    }

    /** How many requests wait on the retry topic. */
    long lagOfRetries() {
        return broker.topics().lag(group() + "." + retryTopic(), retryTopic());
    }

    long lagOfRequests() {
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

    /** The last key that was published for a credential of {@link #COMPANY}. */
    String lastKey(String apiCredentialId) {
        return rotated().stream()
                .filter(event -> event.credential().equals(new CredentialId(COMPANY, apiCredentialId)))
                .reduce((earlier, later) -> later)
                .orElseThrow()
                .clientKey()
                .value();
    }

    List<ConsumerRecord<byte[], byte[]>> records(String topic) {
        return broker.topics().readAll(topic);
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
