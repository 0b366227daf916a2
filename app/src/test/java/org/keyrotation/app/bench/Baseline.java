package org.keyrotation.app.bench;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.keyrotation.model.ClientKey;
import org.keyrotation.model.ClientKeyRotated;
import org.keyrotation.model.Json;

/**
 * A bare implementation with Kafka's clients and an asynchronous HTTP client: read, started, POST, key, rotated,
 * commit. It makes no decision, verifies nothing and recovers from nothing.
 */
final class Baseline {

    private static final int MAX_IN_FLIGHT = 2_048;
    private static final Duration POLL = Duration.ofMillis(100);

    private final URI api = URI.create(setting("rotation.api.base-url"));
    private final boolean readBack = Boolean.parseBoolean(setting("rotation.read-back"));
    private final KafkaProducer<String, byte[]> producer = new KafkaProducer<>(
            Map.of("bootstrap.servers", setting("camel.component.kafka.brokers"), "acks", "all", "linger.ms", "0"),
            new StringSerializer(),
            new ByteArraySerializer());
    private final KafkaConsumer<String, byte[]> consumer = new KafkaConsumer<>(
            Map.of(
                    "bootstrap.servers",
                    setting("camel.component.kafka.brokers"),
                    "group.id",
                    setting("rotation.kafka.group-id"),
                    "auto.offset.reset",
                    "earliest",
                    "enable.auto.commit",
                    "false"),
            new StringDeserializer(),
            new ByteArrayDeserializer());
    private final Context loop = Vertx.vertx().getOrCreateContext();
    private final HttpClient http = loop.owner()
            .createHttpClient(new HttpClientOptions()
                    .setDefaultHost(api.getHost())
                    .setDefaultPort(api.getPort())
                    .setMaxPoolSize(Integer.parseInt(setting("rotation.api.max-in-flight"))));
    private final Map<TopicPartition, Deque<InFlightRecord>> records = new HashMap<>();
    private final Map<String, CompletableFuture<Void>> tailByKey = new HashMap<>();
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final AtomicInteger inFlight = new AtomicInteger();
    private volatile boolean stopping;

    private record InFlightRecord(long offset, String key, CompletableFuture<Void> done) {}

    private Baseline() {}

    /** Takes the service's properties as system properties, and runs until SIGTERM. */
    public static void main(String[] args) {
        Baseline baseline = new Baseline();
        Runtime.getRuntime().addShutdownHook(new Thread(baseline::stop));
        baseline.run();
        baseline.stopped.countDown();
    }

    private void stop() {
        stopping = true;
        try {
            stopped.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        consumer.subscribe(List.of(setting("rotation.topics.requests")));
        while (!stopping) {
            if (inFlight.get() >= MAX_IN_FLIGHT) {
                consumer.pause(consumer.assignment());
            } else {
                consumer.resume(consumer.paused());
            }
            consumer.poll(POLL).forEach(this::process);
            consumer.commitAsync(committableOffsets(), null);
        }
        records.values().forEach(queue -> queue.forEach(each -> each.done.join()));
        consumer.commitSync(committableOffsets());
        consumer.close();
        producer.close();
    }

    private void process(ConsumerRecord<String, byte[]> message) {
        CompletableFuture<Void> previous =
                tailByKey.getOrDefault(message.key(), CompletableFuture.completedFuture(null));
        inFlight.incrementAndGet();
        CompletableFuture<Void> done = previous.thenCompose(ready -> rotate(message))
                .whenComplete((rotated, failure) -> inFlight.decrementAndGet());
        tailByKey.put(message.key(), done);
        records.computeIfAbsent(new TopicPartition(message.topic(), message.partition()), p -> new ArrayDeque<>())
                .add(new InFlightRecord(message.offset(), message.key(), done));
    }

    private Map<TopicPartition, OffsetAndMetadata> committableOffsets() {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        records.forEach((partition, queue) -> {
            while (!queue.isEmpty() && queue.element().done.isDone()) {
                InFlightRecord next = queue.remove();
                tailByKey.remove(next.key, next.done);
                offsets.put(partition, new OffsetAndMetadata(next.offset + 1));
            }
        });
        return offsets;
    }

    private CompletableFuture<Void> rotate(ConsumerRecord<String, byte[]> message) {
        JsonNode request = json(message.value());
        String credential = "/companies/%s/apiCredentials/%s"
                .formatted(
                        request.get("companyId").textValue(),
                        request.get("apiCredentialId").textValue());
        String idempotencyKey = UUID.randomUUID().toString();
        Instant startedAt = Instant.now();
        CompletableFuture<String> current =
                readBack ? call(HttpMethod.GET, credential, "") : CompletableFuture.completedFuture("none");
        return current.thenCompose(key -> write(message.key(), entry(request, "started", startedAt)))
                .thenCompose(ready -> call(HttpMethod.POST, credential + "/generateClientKey", idempotencyKey))
                .thenCompose(key -> send("rotation.topics.keys", message.key(), event(request, key, startedAt)))
                .thenCompose(sent -> write(message.key(), entry(request, "rotated", startedAt)));
    }

    private CompletableFuture<String> call(HttpMethod method, String path, String idempotencyKey) {
        CompletableFuture<String> key = new CompletableFuture<>();
        loop.runOnContext(ready ->
                request(method, path, idempotencyKey).onSuccess(key::complete).onFailure(key::completeExceptionally));
        return key;
    }

    private Future<String> request(HttpMethod method, String path, String idempotencyKey) {
        return http.request(method, api.getPath() + path)
                .compose(request -> request.putHeader("X-API-Key", System.getenv("ROTATION_API_KEY"))
                        .putHeader("Accept", "application/json")
                        .putHeader("Idempotency-Key", idempotencyKey)
                        .send())
                .compose(response -> response.body())
                .map(body -> json(body.getBytes()).get("clientKey").textValue());
    }

    private CompletableFuture<Void> write(String key, byte[] entry) {
        return send("rotation.topics.ledger", key, entry);
    }

    private CompletableFuture<Void> send(String topic, String key, byte[] value) {
        CompletableFuture<Void> acknowledged = new CompletableFuture<>();
        var unused = producer.send(new ProducerRecord<>(setting(topic), key, value), (sent, e) -> {
            if (e == null) {
                acknowledged.complete(null);
            } else {
                acknowledged.completeExceptionally(e);
            }
        });
        return acknowledged;
    }

    private static byte[] entry(JsonNode request, String state, Instant startedAt) {
        return "{\"revision\":1,\"firstSeenAt\":\"%s\",\"%s\":\"%s\"}"
                .formatted(startedAt, state, request.get("requestId").textValue())
                .getBytes(UTF_8);
    }

    private static byte[] event(JsonNode request, String key, Instant startedAt) {
        ClientKey clientKey = new ClientKey(key);
        try {
            return Json.mapper()
                    .writeValueAsBytes(new ClientKeyRotated(
                            request.get("requestId").textValue(),
                            request.get("companyId").textValue(),
                            request.get("apiCredentialId").textValue(),
                            clientKey,
                            clientKey.fingerprint(),
                            null,
                            startedAt,
                            Instant.now(),
                            startedAt.plus(Duration.ofDays(1)),
                            false,
                            null,
                            null,
                            null,
                            false));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static JsonNode json(byte[] text) {
        try {
            return Json.mapper().readTree(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String setting(String name) {
        return requireNonNull(System.getProperty(name), name);
    }
}
