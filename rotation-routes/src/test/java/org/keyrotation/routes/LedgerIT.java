package org.keyrotation.routes;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.keyrotation.routes.TestTopics.COMPANY;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.camel.component.kafka.DefaultKafkaClientFactory;
import org.apache.camel.component.kafka.KafkaComponent;
import org.apache.camel.health.HealthCheck;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.keyrotation.model.ClientKeyRotated;
import org.keyrotation.model.CredentialId;
import org.keyrotation.model.FailureCode;
import org.keyrotation.model.Json;
import org.keyrotation.model.RequestSatisfied;
import org.keyrotation.routes.camel.Prefix;
import org.keyrotation.routes.camel.ThreadPools;
import org.keyrotation.routes.ledger.FailureStreak;
import org.keyrotation.routes.ledger.KeyRecord;
import org.keyrotation.routes.ledger.LastKey;
import org.keyrotation.routes.ledger.Ledger;
import org.keyrotation.routes.ledger.LedgerEntry;
import org.keyrotation.routes.ledger.UnfinishedRotation;
import org.keyrotation.sandbox.Fault;
import org.keyrotation.sandbox.SandboxBroker;
import org.keyrotation.sandbox.SimulatedManagementApi;

/** The ledger of a running instance: what it writes and when, and what an unusable ledger blocks. */
@ExtendWith(TestTopicsExtension.class)
@Execution(ExecutionMode.CONCURRENT)
class LedgerIT {

    private static final String TOPICS = "rotation-topics";
    private static final byte[] KEY = (COMPANY + "/S2-1").getBytes(UTF_8);

    private final SandboxBroker broker;
    private final SimulatedManagementApi api;
    private final TestTopics topics;

    LedgerIT(SandboxBroker broker, SimulatedManagementApi api, TestTopics topics) {
        this.broker = broker;
        this.api = api;
        this.topics = topics;
    }

    @Test
    @Tag("I2")
    void startIsRecordedBeforeTheCallAndTheEndAfterPublishing() {
        api.latency(Duration.ofSeconds(10));
        try (RunningRoutes routes = topics.start()) {
            topics.request("S2-1");
            routes.await(() -> api.generateRequests().size() == 1); // the request has arrived, its response has not
            assertThat(topics.records(topics.ledgerTopic())).hasSize(1);
            assertThat(topics.rotated()).isEmpty();
            routes.awaitCommitted();
        }

        List<ConsumerRecord<byte[], byte[]>> entries = topics.records(topics.ledgerTopic());
        assertThat(entries).hasSize(2).extracting(ConsumerRecord::key).containsOnly(KEY);
        assertThat(text(entries.get(0))).contains("\"unfinished\"", "\"idempotencyKey\"");
        assertThat(text(entries.get(1)))
                .contains("\"lastRotationAt\"", "\"settled\":[\"request-S2-1\"]")
                .doesNotContain("unfinished");
    }

    @Test
    void concurrentRotationsShareRequestsToTheLedger() {
        int many = 200;
        IntStream.range(0, many).forEach(i -> api.addCredential(COMPANY, "S2-many-" + i));
        topics.with("rotation.topics.partitions", "1");
        CountedClients clients = new CountedClients();
        RunningRoutes routes = RunningRoutes.unstarted(topics);
        routes.context().getComponent("kafka", KafkaComponent.class).setKafkaClientFactory(clients);
        try (routes) {
            broker.topics().create(topics.requestsTopic(), 1, Map.of());
            IntStream.range(0, many).forEach(i -> topics.request("S2-many-" + i));
            routes.start(new RotationRoutes(topics.settings())).awaitIntake().awaitCommitted();

            assertThat(clients.recordsSentTo(topics.ledgerTopic()))
                    .isEqualTo(1 + 2.0 * many); // the control record, too
            assertThat(clients.produceRequestsTo(topics.ledgerTopic())).isLessThan(1.75 * many);
            assertThat(clients.endOffsetRequests).hasValueLessThan(many / 5);
        }
    }

    @Test
    @Tag("I2")
    void firstSeenEntryHidesNoStartedRotation() throws Exception {
        CredentialId credential = new CredentialId(COMPANY, "S2-1");
        Instant now = Instant.now();
        LedgerEntry started = startedEntry("another", now);
        broker.topics().create(topics.ledgerTopic(), 1, Map.of("cleanup.policy", "compact"));
        broker.topics().send(topics.ledgerTopic(), KEY, Json.mapper().writeValueAsBytes(started));
        try (RunningRoutes host = RunningRoutes.unstarted(topics)) {
            host.context().start();
            Ledger ledger = new Ledger(
                    host.context(),
                    topics.settings().ledger(),
                    topics.settings().api().host(),
                    host.meters(),
                    true,
                    Ledger.READ_TIMEOUT,
                    ThreadPools.create(host.context(), Prefix.ROTATION));
            host.context().addService(ledger);

            CompletableFuture<Void> registration =
                    CompletableFuture.runAsync(() -> registerFirstSeen(ledger, credential, now));
            host.await(() -> topics.records(topics.ledgerTopic()).size() == 2);
            ledger.open()
                    .get(30, TimeUnit.SECONDS); // opened late, to read the earlier entry of another instance after our
            // write
            registration.get(30, TimeUnit.SECONDS);

            assertThat(ledger.entry(credential)).isEqualTo(started);
            host.await(() -> topics.records(topics.ledgerTopic()).size() == 3);
            assertThat(text(topics.records(topics.ledgerTopic()).get(2))).contains("\"unfinished\"");
        }
    }

    private static void registerFirstSeen(Ledger ledger, CredentialId credential, Instant now) {
        try {
            ledger.registerFirstSeen(List.of(credential), now);
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    @Tag("I6")
    void ledgerHoldsNoClientKey() {
        String before = api.truth().currentKey(COMPANY, "S2-1");

        topics.processAll(() -> topics.request("S2-1"));

        assertThat(topics.records(topics.ledgerTopic()))
                .isNotEmpty()
                .noneMatch(entry -> text(entry).contains(api.truth().currentKey(COMPANY, "S2-1")))
                .noneMatch(entry -> text(entry).contains(before));
    }

    @Test
    @Tag("I1")
    @Tag("I2")
    @Tag("I7")
    void resetToTheEarliestOffsetsPublishesNothing() throws Exception {
        api.addCredential(COMPANY, "S2-2");
        api.faults().failNext(COMPANY, "S2-2", Fault.status(403));
        topics.processAll(() -> {
            topics.request("S2-1");
            topics.request("S2-1", "earlier", Instant.now().minusSeconds(60));
            topics.request("S2-2");
        });
        resetToEarliest();

        try (RunningRoutes routes = topics.start()) {
            routes.awaitCommitted();
            assertThat(routes.meters()
                            .counter("rotation.requests", "outcome", "satisfied")
                            .count())
                    .isEqualTo(3);
        }

        assertThat(api.generateRequests()).hasSize(2);
        assertThat(topics.rotated()).hasSize(1);
        assertThat(topics.satisfied()).extracting(RequestSatisfied::requestId).containsExactly("earlier");
        assertThat(topics.failed()).hasSize(1);
    }

    /** The ledger remembers 16 of 20 requests. While one that it forgot is published again, it forgets a fifth one. */
    @Test
    @Tag("I1")
    void resetToTheEarliestOffsetsPublishesForgottenRequestsOnly() throws Exception {
        Instant before = Instant.now().minusSeconds(60);
        topics.processAll(() -> IntStream.rangeClosed(1, 20)
                .forEach(second -> topics.request("S2-1", "request-" + second, before.plusSeconds(second))));
        assertThat(topics.satisfied()).hasSize(19);
        resetToEarliest();

        topics.processAll();

        assertThat(topics.rotated()).hasSize(1);
        assertThat(topics.failed()).isEmpty();
        assertThat(topics.satisfied().subList(19, topics.satisfied().size()))
                .extracting(RequestSatisfied::requestId)
                .containsExactly("request-1", "request-2", "request-3", "request-4", "request-5");
    }

    @Test
    void entryHasTheLastKeyAndTheFailuresSince() throws Exception {
        topics.processAll(() -> topics.request("S2-1", "first", List.of()));
        topics.processAll(() -> {
            topics.request("S2-1", "second", List.of());
            topics.request("S2-1", "third", List.of());
        });

        ClientKeyRotated rotated = topics.rotated().get(0);
        LedgerEntry entry = lastEntry();
        assertThat(entry.lastKey())
                .isEqualTo(new LastKey(
                        rotated.keyFingerprint(),
                        rotated.previousKeyFingerprint(),
                        rotated.usableFrom(),
                        rotated.previousKeyExpiresAt(),
                        keyRecord(),
                        null));
        assertThat(entry.failures())
                .isEqualTo(new FailureStreak(2, "third", topics.failed().get(1).failedAt()));
    }

    @Test
    void credentialThatTheApiNeverKnewLeavesNoEntry() {
        try (RunningRoutes routes = topics.start()) {
            topics.request("S2-unknown", "first", List.of());
            topics.request("S2-unknown", "second", List.of());
            topics.request("S2-1");
            routes.awaitCommitted();

            assertThat(routes.meters()
                            .get("rotation.ledger.credentials")
                            .gauge()
                            .value())
                    .isEqualTo(1);
        }
        assertThat(topics.failed())
                .extracting(failed -> failed.requestId() + " " + failed.code())
                .containsExactly("first CREDENTIAL_NOT_FOUND", "second CREDENTIAL_NOT_FOUND");
        assertThat(topics.records(topics.ledgerTopic())).isNotEmpty().allSatisfy(entry -> assertThat(entry.key())
                .isEqualTo(KEY));
    }

    @Test
    @Tag("I2")
    void credentialThatVanishedKeepsItsEntry() throws Exception {
        topics.with("rotation.min-interval", "PT0S").processAll(() -> topics.request("S2-1", "first", List.of()));
        api.removeCredential(COMPANY, "S2-1");

        topics.processAll(() -> topics.request("S2-1", "second", List.of()));

        assertThat(lastEntry().lastRotationAt()).isNotNull();
        assertThat(lastEntry().settled()).containsExactly("first", "second");
    }

    @Test
    @Tag("I2")
    void requestWithinMinIntervalIsRefusedUnlessForced() {
        topics.processAll(() -> topics.request("S2-1", "first", List.of()));

        topics.processAll(() -> {
            topics.request("S2-1", "second", List.of());
            broker.topics().send(topics.requestsTopic(), KEY, forced());
        });

        assertThat(topics.failed()).singleElement().satisfies(failed -> {
            assertThat(failed.code()).isEqualTo(FailureCode.ROTATED_RECENTLY);
            assertThat(failed.requestId()).isEqualTo("second");
            assertThat(failed.detail()).contains("rotation.min-interval", "force");
        });
        assertThat(topics.rotated()).extracting(event -> event.requestId()).containsExactly("first", "third");
    }

    @Test
    @Tag("I2")
    void resumedRotationIsLeasedToItsNewHolder() throws Exception {
        LedgerEntry started = startedEntry("request-S2-1", Instant.now());
        broker.topics().create(topics.ledgerTopic(), 1, Map.of("cleanup.policy", "compact"));
        broker.topics().send(topics.ledgerTopic(), KEY, Json.mapper().writeValueAsBytes(started));

        topics.processAll(() -> topics.request("S2-1"));

        List<LedgerEntry> entries = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> each : topics.records(topics.ledgerTopic())) {
            entries.add(Json.mapper().readValue(each.value(), LedgerEntry.class));
        }
        assertThat(entries.get(1).revision()).isEqualTo(2);
        assertThat(entries.get(1).unfinished()).satisfies(unfinished -> {
            assertThat(unfinished.idempotencyKey()).isEqualTo("key");
            assertThat(unfinished.holder()).isNotNull();
            assertThat(unfinished.leaseUntil()).isAfter(unfinished.startedAt());
        });
    }

    @Test
    @Tag("I2")
    void staleWriteOfAPreviousOwnerIsRepaired() {
        try (RunningRoutes routes = topics.start()) {
            topics.request("S2-1");
            routes.awaitCommitted();
            List<ConsumerRecord<byte[], byte[]>> entries = topics.records(topics.ledgerTopic());
            broker.topics().send(topics.ledgerTopic(), KEY, entries.get(0).value());

            routes.await(() -> topics.records(topics.ledgerTopic()).size() > entries.size() + 1);
            topics.request("S2-1");
            routes.awaitCommitted();

            List<ConsumerRecord<byte[], byte[]>> after = topics.records(topics.ledgerTopic());
            assertThat(text(after.get(after.size() - 1)))
                    .isEqualTo(text(entries.get(1)).replace("\"revision\":2", "\"revision\":3"));
        }
        assertThat(api.generateRequests()).hasSize(1);
    }

    @Test
    void ledgerWithDeletePolicyIsRejected() {
        broker.createTopic(topics.ledgerTopic(), 1, Map.of("cleanup.policy", "compact,delete"));
        broker.createTopic(topics.requestsTopic(), 1, Map.of());
        topics.request("S2-1");

        try (RunningRoutes routes = RunningRoutes.start(topics)) {
            assertThat(routes.health(TOPICS).getState()).isEqualTo(HealthCheck.State.DOWN);
            routes.await(() -> routes.health(TOPICS)
                    .getMessage()
                    .orElse("")
                    .contains("cleanup.policy=compact,delete, expected compact alone"));
        }
        assertThat(api.requests()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"lastRotationAt\":42}",
                "null",
                "{\"revision\":1,\"unfinished\":{\"requestId\":\"x\"}}",
                "{\"revision\":9223372036854775807}",
                "{\"revision\":4611686018427387903}"
            })
    @Tag("I2")
    void unreadableEntryBlocksTheIntakeUntilReplaced(String entry) {
        broker.createTopic(topics.ledgerTopic(), 1, Map.of("cleanup.policy", "compact"));
        broker.createTopic(topics.requestsTopic(), 1, Map.of());
        broker.topics().send(topics.ledgerTopic(), KEY, entry.getBytes(UTF_8));
        topics.request("S2-1");

        try (RunningRoutes routes = RunningRoutes.start(topics)) {
            routes.await(() -> routes.health(TOPICS).getMessage().orElse("").contains("partition 0, offset 0"));
            assertThat(api.requests()).isEmpty();

            broker.topics().send(topics.ledgerTopic(), KEY, null);
            routes.awaitIntake();
            routes.awaitCommitted();
        }
        assertThat(topics.rotated()).hasSize(1);
    }

    /** The start reads only the revision. The check of all entries finds it. */
    @Test
    @Tag("I2")
    void unreadableEntryThatNoRequestNeedsBlocksTheIntakeUntilReplaced() {
        byte[] other = (COMPANY + "/S2-2").getBytes(UTF_8);
        broker.createTopic(topics.ledgerTopic(), 1, Map.of("cleanup.policy", "compact"));
        broker.createTopic(topics.requestsTopic(), 1, Map.of());
        broker.topics().send(topics.ledgerTopic(), other, "{\"revision\":1,\"settled\":17}".getBytes(UTF_8));

        try (RunningRoutes routes = RunningRoutes.start(topics)) {
            routes.await(() -> routes.health(TOPICS).getMessage().orElse("").contains("partition 0, offset 0"));
            topics.request("S2-1");

            broker.topics().send(topics.ledgerTopic(), other, "{\"revision\":2}".getBytes(UTF_8));
            routes.awaitIntake();
            routes.awaitCommitted();
        }
        assertThat(topics.rotated()).hasSize(1);
    }

    private KeyRecord keyRecord() {
        ConsumerRecord<byte[], byte[]> key = topics.records(topics.keysTopic()).get(0);
        return new KeyRecord(key.partition(), key.offset());
    }

    private LedgerEntry lastEntry() throws IOException {
        List<ConsumerRecord<byte[], byte[]>> records = topics.records(topics.ledgerTopic());
        return Json.mapper().readValue(records.get(records.size() - 1).value(), LedgerEntry.class);
    }

    private static LedgerEntry startedEntry(String requestId, Instant now) {
        UnfinishedRotation rotation =
                new UnfinishedRotation(requestId, "key", now, null, null, null, null, null, false);
        return new LedgerEntry(1, now, null, rotation, null, null, null, null, null, null);
    }

    private static byte[] forced() {
        return "{\"requestId\":\"third\",\"companyId\":\"AcmeCorp\",\"apiCredentialId\":\"S2-1\",\"force\":true}"
                .getBytes(UTF_8);
    }

    private void resetToEarliest() throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            Map<TopicPartition, OffsetAndMetadata> earliest = new HashMap<>();
            for (int partition = 0; partition < 2; partition++) {
                TopicPartition of = new TopicPartition(topics.requestsTopic(), partition);
                long offset = admin.listOffsets(Map.of(of, OffsetSpec.earliest()))
                        .partitionResult(of)
                        .get()
                        .offset();
                earliest.put(of, new OffsetAndMetadata(offset));
            }
            admin.alterConsumerGroupOffsets(topics.group(), earliest).all().get();
        }
    }

    private static String text(ConsumerRecord<byte[], byte[]> message) {
        return new String(message.value(), UTF_8);
    }

    /** A client factory of the host application that counts requests. */
    private static final class CountedClients extends DefaultKafkaClientFactory {
        private final List<Producer<?, ?>> producers = new CopyOnWriteArrayList<>();
        private final AtomicInteger endOffsetRequests = new AtomicInteger();

        @Override
        @SuppressWarnings("rawtypes") // the signature is raw in Camel
        public Producer getProducer(Properties properties) {
            Producer<?, ?> producer = super.getProducer(properties);
            producers.add(producer);
            return producer;
        }

        @Override
        @SuppressWarnings("rawtypes") // the signature is raw in Camel
        public Consumer getConsumer(Properties properties) {
            return new KafkaConsumer<>(properties) {
                @Override
                public Map<TopicPartition, Long> endOffsets(Collection<TopicPartition> partitions) {
                    endOffsetRequests.incrementAndGet();
                    return super.endOffsets(partitions);
                }
            };
        }

        double recordsSentTo(String topic) {
            return producers.stream()
                    .flatMap(producer -> metrics(producer, "record-send-total"))
                    .filter(metric -> topic.equals(metric.metricName().tags().get("topic")))
                    .mapToDouble(CountedClients::value)
                    .sum();
        }

        double produceRequestsTo(String topic) {
            return producers.stream()
                    .filter(producer -> metrics(producer, "record-send-total")
                            .anyMatch(metric ->
                                    topic.equals(metric.metricName().tags().get("topic"))))
                    .flatMap(producer -> metrics(producer, "request-total"))
                    .filter(metric -> metric.metricName().group().equals("producer-metrics"))
                    .mapToDouble(CountedClients::value)
                    .sum();
        }

        private static Stream<? extends Metric> metrics(Producer<?, ?> producer, String name) {
            return producer.metrics().values().stream()
                    .filter(metric -> metric.metricName().name().equals(name));
        }

        private static double value(Metric metric) {
            return (double) metric.metricValue();
        }
    }
}
