package org.keyrotation.routes.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.keyrotation.model.ClientKeyRotated;
import org.keyrotation.model.CredentialId;
import org.keyrotation.model.Json;
import org.keyrotation.model.KeyAcknowledgement;
import org.keyrotation.sandbox.KeyEvents;
import org.keyrotation.sandbox.SandboxBroker;
import org.keyrotation.sandbox.SandboxExtension;
import org.keyrotation.sandbox.TopicClient;

/** The README's consumer without Camel. */
@ExtendWith(SandboxExtension.class)
@Execution(ExecutionMode.CONCURRENT)
class KeyConsumerIT {

    private static final Duration TIMEOUT = Duration.ofMinutes(2);

    private final String topic = TopicClient.uniqueName("keys");
    private final String acknowledgements = TopicClient.uniqueName("acknowledgements");
    private final List<ClientKeyRotated> used = new CopyOnWriteArrayList<>();

    @Test
    void usesEachKeyOnceItWorksAcknowledgesItAndResumes(SandboxBroker broker) throws Exception {
        broker.createTopic(topic, 2, Map.of());
        broker.createTopic(acknowledgements, 1, Map.of());
        publish(broker, 1, Duration.ZERO);
        publish(broker, 2, Duration.ZERO);
        run(broker, 2);
        ClientKeyRotated late = publish(broker, 3, Duration.ofSeconds(4));
        run(broker, 3);

        assertThat(used)
                .extracting(ClientKeyRotated::requestId)
                .containsExactlyInAnyOrder("of-key-1", "of-key-2", "of-key-3");
        assertThat(Instant.now()).isAfterOrEqualTo(late.usableFrom());
        assertThat(broker.topics().readAll(acknowledgements).stream()
                        .map(message -> KeyAcknowledgement.read(message.value()).keyFingerprint()))
                .containsExactlyElementsOf(
                        used.stream().map(ClientKeyRotated::keyFingerprint).toList());
    }

    /** Runs the consumer until it has used this many keys, and has committed them. */
    private void run(SandboxBroker broker, int count) {
        AtomicBoolean isRunning = new AtomicBoolean(true);
        CompletableFuture<Void> running = CompletableFuture.runAsync(
                () -> run(broker, isRunning), task -> new Thread(task, "key-consumer").start());
        await().atMost(TIMEOUT)
                .until(() -> used.size() == count && broker.topics().lag("shop", topic) == 0);
        isRunning.set(false);
        running.join();
    }

    private void run(SandboxBroker broker, AtomicBoolean isRunning) {
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                        Map.of(
                                "bootstrap.servers", broker.bootstrapServers(),
                                "group.id", "shop",
                                "enable.auto.commit", "false",
                                "auto.offset.reset", "earliest"),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer());
                KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                        Map.of("bootstrap.servers", broker.bootstrapServers()),
                        new ByteArraySerializer(),
                        new ByteArraySerializer())) {
            new KeyConsumer(topic, acknowledgements, this::use).run(consumer, producer, isRunning::get);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private void use(ClientKeyRotated key) {
        assertThat(Instant.now()).isAfterOrEqualTo(key.usableFrom());
        used.add(key);
    }

    private ClientKeyRotated publish(SandboxBroker broker, int number, Duration activationDelay) throws Exception {
        ClientKeyRotated event =
                KeyEvents.rotatedNow(new CredentialId("AcmeCorp", "S2-" + number), "key-" + number, activationDelay);
        broker.topics()
                .send(
                        topic,
                        event.credential().toString().getBytes(UTF_8),
                        Json.mapper().writeValueAsBytes(event));
        return event;
    }
}
