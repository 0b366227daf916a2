package org.keyrotation.routes;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.keyrotation.routes.TestTopics.COMPANY;

import ch.qos.logback.classic.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.apache.camel.ServiceStatus;
import org.apache.camel.component.kafka.DefaultKafkaClientFactory;
import org.apache.camel.component.kafka.KafkaClientFactory;
import org.apache.camel.component.kafka.KafkaComponent;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheck.State;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.keyrotation.model.CredentialId;
import org.keyrotation.model.RotationRequest;
import org.keyrotation.routes.ledger.Ledger;
import org.keyrotation.routes.ledger.LedgerControl.Pause;
import org.keyrotation.sandbox.SandboxBroker;
import org.keyrotation.sandbox.SimulatedManagementApi;
import org.keyrotation.sandbox.TopicClient;

/** The control record: one ledger has one group that reads requests, and one API. */
@ExtendWith(TestTopicsExtension.class)
@Execution(ExecutionMode.CONCURRENT)
class LedgerOwnershipIT {

    private static final String CHECK = "rotation-topics";
    private static final String HOST = "127.0.0.1";

    private final SandboxBroker broker;
    private final SimulatedManagementApi api;
    private final TestTopics topics;
    private final String blue = TopicClient.uniqueName("blue");
    private final String green = TopicClient.uniqueName("green");

    LedgerOwnershipIT(SandboxBroker broker, SimulatedManagementApi api, TestTopics topics) {
        this.broker = broker;
        this.api = api;
        this.topics = topics;
    }

    @Test
    @Tag("I2")
    void requestsThatTwoGroupsCouldReadAreEachRotatedOnce() {
        int many = 80;
        IntStream.range(0, many).forEach(i -> api.addCredential(COMPANY, "S2-many-" + i));
        api.latency(Duration.ofMillis(50));
        try (RunningRoutes first = startIn(blue);
                RunningRoutes second = startIn(green)) {
            first.await(() -> isUp(first) || isUp(second));
            IntStream.range(0, many).forEach(i -> topics.request("S2-many-" + i));
            first.await(() -> topics.rotated().size() >= many && (lag(blue) == 0 || lag(green) == 0));

            assertThat(api.truth().totalGenerations()).isEqualTo(many);
            assertThat(List.of(isUp(first), isUp(second))).containsExactlyInAnyOrder(true, false);
        }
    }

    @Test
    void secondGroupWaitsUntilTheFirstHasNoMembersAndTheFirstWaitsWhenItComesBack() {
        RunningRoutes first = startIn(blue);
        awaitUp(first);
        try (RunningRoutes second = startIn(green)) {
            assertThat(awaitDown(second, inUseBy(blue)).getDetails()).containsEntry("retryable", true);
            topics.request("S2-1");
            first.await(() -> lag(blue) == 0);
            first.close();
            awaitUp(second);
            try (RunningRoutes back = startIn(blue)) {
                awaitDown(back, inUseBy(green));
                awaitUp(second);
            }
        }
        assertThat(topics.controlRecords()).containsExactly(control(1, blue, HOST), control(2, green, HOST));
        assertThat(api.truth().totalGenerations()).isEqualTo(1);
    }

    @Test
    @Tag("I2")
    void requestsPolledAfterATakeOverWaitUntilTheGroupHasTheLedgerAgain() {
        try (RunningRoutes routes = startIn(blue)) {
            awaitUp(routes);
            try (Consumer<byte[], byte[]> other = member(green, Map.of())) {
                topics.sendControl(control(1_000_000, green, HOST));
                topics.request("S2-1");
                awaitDown(routes, inUseBy(green));
                assertThat(other.assignment()).isNotEmpty();
            }
            assertThat(api.requests()).isEmpty();

            awaitUp(routes);
            routes.await(() -> lag(blue) == 0);
        }
        assertThat(topics.controlRecords()).last().isEqualTo(control(1_000_001, blue, HOST));
        assertThat(api.truth().totalGenerations()).isEqualTo(1);
    }

    @Test
    @Tag("I2")
    void ledgerOfAnotherApiIsNeverReadyUntilATombstoneFreesIt() {
        createTopics();
        topics.sendControl(control(3, null, "management-live.adyen.com"));
        topics.request("S2-1");
        try (RunningRoutes routes = startIn(blue)) {
            HealthCheck.Result down = awaitDown(
                    routes,
                    "Ledger %s is of the API at management-live.adyen.com, and this instance calls the API at %s"
                            .formatted(topics.ledgerTopic(), HOST));
            assertThat(down.getDetails()).containsEntry("retryable", false).containsEntry("wrongConfiguration", true);
            RotationRequest request = RotationRequest.of(new CredentialId(COMPANY, "S2-1"));
            assertThatThrownBy(() -> routes.rotate(request)).rootCause().hasMessageContaining("management-live");
            assertThatThrownBy(() -> routes.template().sendBody(RotationRoutes.REQUEST_CLIENT_KEY_ROTATION, request))
                    .rootCause()
                    .hasMessageContaining("management-live");
            assertThat(api.requests()).isEmpty();

            topics.sendControl(null);
            awaitUp(routes);
            routes.await(() -> lag(blue) == 0);
        }
        assertThat(topics.controlRecords()).last().isEqualTo(control(1, blue, HOST));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nonsense",
                "null",
                "{}",
                "{\"revision\":1}",
                "{\"revision\":0,\"apiHost\":\"127.0.0.1\"}",
                "{\"revision\":9223372036854775807,\"apiHost\":\"127.0.0.1\"}",
                "{\"revision\":1,\"apiHost\":\"127.0.0.1\",\"group\":\"line\\nbreak\"}",
                "{\"revision\":1,\"apiHost\":\"127.0.0.1\",\"group\":42}"
            })
    void unreadableControlRecordIsNotReadyUntilItIsReplaced(String value) {
        createTopics();
        topics.sendControl(value);
        try (RunningRoutes routes = startIn(blue)) {
            awaitDown(routes, "partition 0, offset 0");
            topics.sendControl(null);
            awaitUp(routes);
        }
        assertThat(topics.controlRecords()).last().isEqualTo(control(1, blue, HOST));
    }

    @Test
    void takeOverKeepsThePauseAndTheFieldsOfALaterVersion() {
        createTopics();
        topics.sendControl(
                "{\"revision\":7,\"group\":\"gone\",\"apiHost\":\"127.0.0.1\",\"pause\":{\"paused\":true},\"later\":{\"by\":[1]}}");
        try (RunningRoutes routes = startIn(blue)) {
            awaitUp(routes);
        }
        assertThat(topics.controlRecords())
                .last()
                .isEqualTo(
                        "{\"revision\":8,\"group\":\"%s\",\"apiHost\":\"127.0.0.1\",\"pause\":{\"paused\":true},\"later\":{\"by\":[1]}}"
                                .formatted(blue));
    }

    @Test
    void pauseThatLosesToAnotherRecordIsMadeAgainFromThatOne() throws Exception {
        CompetingProducers producers = new CompetingProducers();
        try (RunningRoutes routes = unstarted(producers).start(new RotationRoutes(topics.settings()))) {
            awaitUp(routes);
            producers.competitor.set(
                    "{\"revision\":2,\"group\":\"%s\",\"apiHost\":\"%s\",\"later\":1}".formatted(blue, HOST));
            Pause pause = new Pause(true, Instant.parse("2999-01-01T00:00:00Z"), "alice", null);
            ledger(routes).writePause(pause);

            assertThat(requireNonNull(ledger(routes).control()).pause()).isEqualTo(pause);
            assertThat(topics.controlRecords()).anyMatch(json -> json.contains("2999") && json.contains("\"later\":1"));
        }
    }

    @Test
    void resumeReplacesTheWholePause() throws Exception {
        try (RunningRoutes routes = startIn(blue)) {
            awaitUp(routes);
            ledger(routes).writePause(new Pause(true, Instant.parse("2999-01-01T00:00:00Z"), "alice", null));
            ledger(routes).writePause(new Pause(false, null, "bob", null));
        }
        assertThat(topics.controlRecords())
                .last()
                .isEqualTo(control(3, blue, HOST).replace("}", ",\"pause\":{\"paused\":false,\"by\":\"bob\"}}"));
    }

    @Test
    @Tag("I2")
    void groupThatLosesToAPauseReadsNoRequestsBeforeTheLedgerNamesIt() {
        createTopics();
        topics.sendControl(control(1, null, HOST));
        CompetingProducers producers = new CompetingProducers();
        producers.competitor.set("{\"revision\":2,\"apiHost\":\"%s\",\"pause\":{\"paused\":true}}".formatted(HOST));
        List<ServiceStatus> intake = new CopyOnWriteArrayList<>();
        try (RunningRoutes routes = unstarted(producers)) {
            producers.beforeSend = () ->
                    intake.add(routes.context().getRouteController().getRouteStatus(RunningRoutes.RECEIVE_REQUESTS));
            awaitUp(routes.start(new RotationRoutes(topics.settings())));

            assertThat(requireNonNull(ledger(routes).control()).group()).isEqualTo(blue);
        }
        assertThat(intake).hasSize(2).containsOnly(ServiceStatus.Stopped);
    }

    @Test
    void controlRecordThatLostIsRepaired() {
        try (RunningRoutes routes = startIn(blue)) {
            awaitUp(routes);
            topics.sendControl(control(1, green, HOST));
            routes.await(() -> topics.controlRecords().size() == 3);
            awaitUp(routes);
        }
        assertThat(topics.controlRecords())
                .containsExactly(control(1, blue, HOST), control(1, green, HOST), control(2, blue, HOST));
    }

    @Test
    void instancesOfOneGroupThatStartAtOnceShareTheLedger() {
        try (RunningRoutes first = startIn(blue);
                RunningRoutes second = startIn(blue)) {
            awaitUp(first);
            awaitUp(second);
            topics.request("S2-1");
            first.await(() -> lag(blue) == 0);
        }
        assertThat(topics.controlRecords()).isNotEmpty().containsOnly(control(1, blue, HOST));
    }

    @Test
    @ResourceLock("logs")
    void controlRecordWaitsForMembersOfAnOlderVersion() {
        createTopics();
        try (RecordedLogs logs = RecordedLogs.at(Map.of("org.keyrotation", Level.INFO));
                Consumer<byte[], byte[]> older = member(blue, Map.of());
                RunningRoutes routes = startIn(blue)) {
            String waiting =
                    "Waiting to write the control record of ledger %s: group '%s' has 1 members of an older version"
                            .formatted(topics.ledgerTopic(), blue);
            routes.await(() -> {
                var unused = older.poll(Duration.ofMillis(100));
                return isUp(routes);
            });
            assertThat(topics.controlRecords()).isEmpty();

            older.unsubscribe();
            routes.await(() -> topics.controlRecords().size() == 1);
            assertThat(logs.lines()).filteredOn(line -> line.contains(waiting)).hasSize(1);
        }
        assertThat(topics.controlRecords()).containsExactly(control(1, blue, HOST));
    }

    @Test
    void clientIdOfTheHostTellsNoVersion() {
        createTopics();
        RunningRoutes routes = RunningRoutes.unstarted(topics.with("rotation.kafka.group-id", blue));
        routes.context()
                .getComponent("kafka", KafkaComponent.class)
                .getConfiguration()
                .setClientId("the-host");
        try (routes;
                Consumer<byte[], byte[]> member = member(blue, Map.of("client.id", "the-host"))) {
            routes.start(new RotationRoutes(topics.settings()));
            routes.await(() -> {
                var unused = member.poll(Duration.ofMillis(100));
                return topics.controlRecords().size() == 1;
            });
        }
    }

    @Test
    void directEndpointWithoutIntakeClaimsTheApiAndNoGroup() {
        createTopics();
        topics.with("rotation.intake.enabled", "false");
        try (RunningRoutes routes = startIn(green)) {
            awaitUp(routes);
            assertThat(topics.controlRecords()).isEmpty();
            assertThat(routes.rotate(RotationRequest.of(new CredentialId(COMPANY, "S2-1"))))
                    .isInstanceOf(RotationOutcome.Rotated.class);
        }
        topics.with("rotation.intake.enabled", "true");
        try (RunningRoutes routes = startIn(blue)) {
            awaitUp(routes);
        }
        assertThat(topics.controlRecords()).containsExactly(control(1, null, HOST), control(2, blue, HOST));
    }

    @Test
    void groupThatMayNotBeDescribedIsNamed() throws Exception {
        createTopics();
        topics.sendControl(control(1, green, HOST));
        ResourcePattern group = new ResourcePattern(ResourceType.GROUP, green, PatternType.LITERAL);
        AclBinding denied = new AclBinding(
                group, new AccessControlEntry("User:ANONYMOUS", "*", AclOperation.ALL, AclPermissionType.DENY));
        try (RunningRoutes routes = startIn(blue)) {
            broker.topics().addAcls(List.of(denied));
            HealthCheck.Result down = awaitDown(
                    routes,
                    "Ledger %s is of group '%s', expected the permission to describe that group"
                            .formatted(topics.ledgerTopic(), green));
            assertThat(down.getDetails()).containsEntry("retryable", false);

            broker.topics().deleteAcls(List.of(denied));
            awaitUp(routes);
        }
    }

    private RunningRoutes startIn(String group) {
        return RunningRoutes.start(topics.with("rotation.kafka.group-id", group));
    }

    private RunningRoutes unstarted(KafkaClientFactory clients) {
        RunningRoutes routes = RunningRoutes.unstarted(topics.with("rotation.kafka.group-id", blue));
        routes.context().getComponent("kafka", KafkaComponent.class).setKafkaClientFactory(clients);
        return routes;
    }

    private static Ledger ledger(RunningRoutes routes) {
        return requireNonNull(routes.context().hasService(Ledger.class));
    }

    private void createTopics() {
        broker.createTopic(topics.ledgerTopic(), 1, Map.of("cleanup.policy", "compact"));
        broker.createTopic(topics.requestsTopic(), 2, Map.of());
    }

    private long lag(String group) {
        return broker.topics().lag(group, topics.requestsTopic());
    }

    private String inUseBy(String group) {
        return "Ledger %s is in use by group '%s' (1 member): ".formatted(topics.ledgerTopic(), group);
    }

    private static String control(long revision, @Nullable String group, String apiHost) {
        String named = group == null ? "" : "\"group\":\"%s\",".formatted(group);
        return "{\"revision\":%d,%s\"apiHost\":\"%s\"}".formatted(revision, named, apiHost);
    }

    /** A member of a group, without the client id of this version. */
    private Consumer<byte[], byte[]> member(String group, Map<String, Object> options) {
        Map<String, Object> all = new HashMap<>(options);
        all.put("bootstrap.servers", broker.bootstrapServers());
        all.put("group.id", group);
        all.put("partition.assignment.strategy", CooperativeStickyAssignor.class.getName());
        Consumer<byte[], byte[]> member =
                new KafkaConsumer<>(all, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        member.subscribe(List.of(topics.requestsTopic()));
        while (member.assignment().isEmpty()) {
            var unused = member.poll(Duration.ofMillis(100));
        }
        return member;
    }

    private static boolean isUp(RunningRoutes routes) {
        return routes.health(CHECK).getState() == State.UP;
    }

    private static void awaitUp(RunningRoutes routes) {
        routes.await(() -> isUp(routes));
    }

    private static HealthCheck.Result awaitDown(RunningRoutes routes, String reason) {
        routes.await(() -> routes.health(CHECK).getMessage().orElse("").contains(reason));
        return routes.health(CHECK);
    }

    /** Sends a competing control record, once, just before the next one of this instance. */
    private final class CompetingProducers extends DefaultKafkaClientFactory {

        private final AtomicReference<@Nullable String> competitor = new AtomicReference<>();
        private volatile Runnable beforeSend = () -> {};

        @Override
        @SuppressWarnings("rawtypes")
        public Producer getProducer(Properties properties) {
            return new KafkaProducer<byte[], byte[]>(properties) {
                @Override
                public Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> message) {
                    beforeSend.run();
                    String value = competitor.getAndSet(null);
                    if (value != null) {
                        topics.sendControl(value);
                    }
                    return super.send(message);
                }
            };
        }
    }
}
