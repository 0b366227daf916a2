package org.keyrotation.routes;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.keyrotation.routes.TestTopics.COMPANY;

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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.keyrotation.model.CredentialId;
import org.keyrotation.model.FailureCode;
import org.keyrotation.model.Json;
import org.keyrotation.routes.camel.Prefix;
import org.keyrotation.routes.camel.ThreadPools;
import org.keyrotation.routes.ledger.Ledger;
import org.keyrotation.routes.ledger.LedgerEntry;
import org.keyrotation.routes.ledger.UnfinishedRotation;
import org.keyrotation.sandbox.SandboxBroker;
import org.keyrotation.sandbox.SandboxExtension;
import org.keyrotation.sandbox.SimulatedManagementApi;

/** What is remembered of each credential, and what happens where it cannot be. */
@ExtendWith(SandboxExtension.class)
@Execution(ExecutionMode.CONCURRENT)
class LedgerIT {

    private static final String TOPICS = "rotation-topics";
    private static final byte[] KEY = (COMPANY + "/S2-1").getBytes(UTF_8);

    private SandboxBroker broker;
    private SimulatedManagementApi api;
    private TestTopics lane;

    @BeforeEach
    void openALane(SandboxBroker shared, SimulatedManagementApi fresh) {
        broker = shared;
        api = fresh;
        api.addCredential(COMPANY, "S2-1");
        lane = TestTopics.of(shared, fresh);
    }

    @Test
    @DisplayName("I2: the start of a rotation is in the ledger before the API is called, its end after the key is told")
    void aRotationIsWrittenDownBeforeAndAfter() {
        api.latency(Duration.ofSeconds(3));
        try (RunningRoutes routes = lane.start()) {
            lane.request("S2-1");
            routes.await(() -> api.generateRequests().size() == 1); // it has arrived, and its answer has not
            assertThat(lane.records(lane.ledgerTopic())).hasSize(1);
            assertThat(lane.rotated()).isEmpty();
            routes.awaitCommitted();
        }

        List<ConsumerRecord<byte[], byte[]>> entries = lane.records(lane.ledgerTopic());
        assertThat(entries).hasSize(2).extracting(ConsumerRecord::key).containsOnly(KEY);
        assertThat(text(entries.get(0))).contains("\"unfinished\"", "\"idempotencyKey\"");
        assertThat(text(entries.get(1)))
                .contains("\"lastRotationAt\"", "\"settled\":[\"request-S2-1\"]")
                .doesNotContain("unfinished");
    }

    @Test
    void rotationsSideBySideShareTheLedgersRoundTrips() {
        int many = 200;
        IntStream.range(0, many).forEach(i -> api.addCredential(COMPANY, "S2-many-" + i));
        lane.with("rotation.topics.partitions", "1");
        CountedClients clients = new CountedClients();
        RunningRoutes routes = RunningRoutes.notStarted(lane);
        routes.context().getComponent("kafka", KafkaComponent.class).setKafkaClientFactory(clients);
        try (routes) {
            broker.topics().create(lane.requestsTopic(), 1, Map.of());
            IntStream.range(0, many).forEach(i -> lane.request("S2-many-" + i));
            routes.start(new RotationRoutes(lane.settings())).awaitOpen().awaitCommitted();

            assertThat(clients.recordsTo(lane.ledgerTopic())).isEqualTo(2.0 * many);
            assertThat(clients.requestsWithRecordsTo(lane.ledgerTopic())).isLessThan(1.75 * many);
            assertThat(clients.questionsForEnds).hasValueLessThan(many / 5);
        }
    }

    @Test
    @DisplayName(
            "I2: that a credential is seen for the first time hides no rotation that another began at the same moment")
    void aCredentialThatIsSeenHidesNoRotationThatAnotherBegan() throws Exception {
        CredentialId credential = new CredentialId(COMPANY, "S2-1");
        Instant now = Instant.now();
        LedgerEntry begun = begun("another", now);
        broker.topics().create(lane.ledgerTopic(), 1, Map.of("cleanup.policy", "compact"));
        broker.topics().send(lane.ledgerTopic(), KEY, Json.mapper().writeValueAsBytes(begun));
        try (RunningRoutes host = RunningRoutes.notStarted(lane)) {
            host.context().start();
            Ledger ledger = new Ledger(
                    host.context(),
                    lane.settings().ledger(),
                    host.meters(),
                    true,
                    ThreadPools.of(host.context(), Prefix.ROTATION));
            host.context().addService(ledger);

            CompletableFuture<Void> entering = CompletableFuture.runAsync(() -> enter(ledger, credential, now));
            host.await(() -> lane.records(lane.ledgerTopic()).size() == 2);
            ledger.open().get(30, TimeUnit.SECONDS); // only now, to read what others wrote before
            entering.get(30, TimeUnit.SECONDS);

            assertThat(ledger.entry(credential)).isEqualTo(begun);
            host.await(() -> lane.records(lane.ledgerTopic()).size() == 3);
            assertThat(text(lane.records(lane.ledgerTopic()).get(2))).contains("\"unfinished\"");
        }
    }

    private static void enter(Ledger ledger, CredentialId credential, Instant now) {
        try {
            ledger.enter(List.of(credential), now);
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    @DisplayName("I6: neither the new nor the old client key is in the ledger")
    void noClientKeyIsInTheLedger() {
        String before = api.truth().currentKey(COMPANY, "S2-1");

        lane.handle(() -> lane.request("S2-1"));

        assertThat(lane.records(lane.ledgerTopic()))
                .isNotEmpty()
                .noneMatch(entry -> text(entry).contains(api.truth().currentKey(COMPANY, "S2-1")))
                .noneMatch(entry -> text(entry).contains(before));
    }

    @Test
    @DisplayName("I2: what is settled is satisfied after every instance was gone, and from the earliest offsets on")
    void whatIsSettledIsSatisfiedAfterAReset() throws Exception {
        lane.handle(() -> {
            lane.request("S2-1");
            lane.request("S2-unknown");
        });
        resetToEarliest();

        try (RunningRoutes routes = lane.start()) {
            routes.awaitCommitted();
            assertThat(routes.meters()
                            .counter("rotation.requests", "outcome", "satisfied")
                            .count())
                    .isEqualTo(2);
        }

        assertThat(api.generateRequests()).hasSize(1);
        assertThat(lane.rotated()).hasSize(1);
        assertThat(lane.failed()).hasSize(1);
    }

    @Test
    @DisplayName("I2: a second request soon after a rotation is refused unless it is forced")
    void aSecondRequestSoonAfterARotationIsRefusedUnlessForced() {
        lane.handle(() -> lane.request("S2-1", "first", List.of()));

        lane.handle(() -> {
            lane.request("S2-1", "second", List.of());
            broker.topics().send(lane.requestsTopic(), KEY, forced());
        });

        assertThat(lane.failed()).singleElement().satisfies(failed -> {
            assertThat(failed.code()).isEqualTo(FailureCode.ROTATED_RECENTLY);
            assertThat(failed.requestId()).isEqualTo("second");
            assertThat(failed.detail()).contains("rotation.min-interval", "force");
        });
        assertThat(lane.rotated()).extracting(event -> event.requestId()).containsExactly("first", "third");
    }

    @Test
    @DisplayName(
            "I2: a rotation of an earlier owner is written anew before it goes on: what that one still writes is late")
    void aRotationOfAnEarlierOwnerIsWrittenAnew() throws Exception {
        LedgerEntry begun = begun("request-S2-1", Instant.now());
        broker.topics().create(lane.ledgerTopic(), 1, Map.of("cleanup.policy", "compact"));
        broker.topics().send(lane.ledgerTopic(), KEY, Json.mapper().writeValueAsBytes(begun));

        lane.handle(() -> lane.request("S2-1"));

        List<LedgerEntry> entries = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> each : lane.records(lane.ledgerTopic())) {
            entries.add(Json.mapper().readValue(each.value(), LedgerEntry.class));
        }
        assertThat(entries.get(1).revision()).isEqualTo(2);
        assertThat(entries.get(1).generation()).isPositive();
        assertThat(entries.get(1).unfinished()).isEqualTo(begun.unfinished());
    }

    @Test
    @DisplayName("I2: what an instance that was stopped writes too late is written over")
    void whatIsWrittenTooLateIsWrittenOver() {
        try (RunningRoutes routes = lane.start()) {
            lane.request("S2-1");
            routes.awaitCommitted();
            List<ConsumerRecord<byte[], byte[]>> entries = lane.records(lane.ledgerTopic());
            broker.topics().send(lane.ledgerTopic(), KEY, entries.get(0).value());

            routes.await(() -> lane.records(lane.ledgerTopic()).size() > entries.size() + 1);
            lane.request("S2-1");
            routes.awaitCommitted();

            List<ConsumerRecord<byte[], byte[]>> after = lane.records(lane.ledgerTopic());
            assertThat(text(after.get(after.size() - 1))).isEqualTo(text(entries.get(1)));
        }
        assertThat(api.generateRequests()).hasSize(1);
    }

    @Test
    void aLedgerThatForgetsIsRefused() {
        broker.createTopic(lane.ledgerTopic(), 1, Map.of("cleanup.policy", "compact,delete"));
        broker.createTopic(lane.requestsTopic(), 1, Map.of());
        lane.request("S2-1");

        try (RunningRoutes routes = RunningRoutes.start(lane)) {
            assertThat(routes.health(TOPICS).getState()).isEqualTo(HealthCheck.State.DOWN);
            routes.await(() -> routes.health(TOPICS)
                    .getMessage()
                    .orElse("")
                    .contains("cleanup.policy=compact,delete; allowed is compact alone"));
        }
        assertThat(api.requests()).isEmpty();
    }

    @ParameterizedTest(name = "I2: nothing is guessed where an entry is {0}, and a tombstone heals it")
    @ValueSource(
            strings = {
                "{\"lastRotationAt\":42}",
                "null",
                "{\"revision\":1,\"unfinished\":{\"requestId\":\"x\"}}",
                "{\"revision\":9223372036854775807}"
            })
    void anEntryThatCannotBeReadKeepsTheIntakeShut(String entry) {
        broker.createTopic(lane.ledgerTopic(), 1, Map.of("cleanup.policy", "compact"));
        broker.createTopic(lane.requestsTopic(), 1, Map.of());
        broker.topics().send(lane.ledgerTopic(), KEY, entry.getBytes(UTF_8));
        lane.request("S2-1");

        try (RunningRoutes routes = RunningRoutes.start(lane)) {
            routes.await(() -> routes.health(TOPICS).getMessage().orElse("").contains("partition 0, offset 0"));
            assertThat(api.requests()).isEmpty();

            broker.topics().send(lane.ledgerTopic(), KEY, null);
            routes.awaitOpen();
            routes.awaitCommitted();
        }
        assertThat(lane.rotated()).hasSize(1);
    }

    private static LedgerEntry begun(String requestId, Instant now) {
        UnfinishedRotation rotation = new UnfinishedRotation(requestId, "key", now, null, null, null);
        return new LedgerEntry(1, 0, now, null, rotation, null, null);
    }

    private static byte[] forced() {
        return "{\"requestId\":\"third\",\"companyId\":\"AcmeCorp\",\"apiCredentialId\":\"S2-1\",\"force\":true}"
                .getBytes(UTF_8);
    }

    private void resetToEarliest() throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            Map<TopicPartition, OffsetAndMetadata> earliest = new HashMap<>();
            for (int partition = 0; partition < 2; partition++) {
                TopicPartition of = new TopicPartition(lane.requestsTopic(), partition);
                long offset = admin.listOffsets(Map.of(of, OffsetSpec.earliest()))
                        .partitionResult(of)
                        .get()
                        .offset();
                earliest.put(of, new OffsetAndMetadata(offset));
            }
            admin.alterConsumerGroupOffsets(lane.group(), earliest).all().get();
        }
    }

    private static String text(ConsumerRecord<byte[], byte[]> message) {
        return new String(message.value(), UTF_8);
    }

    /** As a host may bring its own. */
    private static final class CountedClients extends DefaultKafkaClientFactory {
        private final List<Producer<?, ?>> producers = new CopyOnWriteArrayList<>();
        private final AtomicInteger questionsForEnds = new AtomicInteger();

        @Override
        @SuppressWarnings("rawtypes") // as Camel has it
        public Producer getProducer(Properties properties) {
            Producer<?, ?> producer = super.getProducer(properties);
            producers.add(producer);
            return producer;
        }

        @Override
        @SuppressWarnings("rawtypes") // as Camel has it
        public Consumer getConsumer(Properties properties) {
            return new KafkaConsumer<>(properties) {
                @Override
                public Map<TopicPartition, Long> endOffsets(Collection<TopicPartition> partitions) {
                    questionsForEnds.incrementAndGet();
                    return super.endOffsets(partitions);
                }
            };
        }

        double recordsTo(String topic) {
            return producers.stream()
                    .flatMap(producer -> metrics(producer, "record-send-total"))
                    .filter(metric -> topic.equals(metric.metricName().tags().get("topic")))
                    .mapToDouble(CountedClients::value)
                    .sum();
        }

        double requestsWithRecordsTo(String topic) {
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
