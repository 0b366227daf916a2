package org.keyrotation.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.keyrotation.routes.RunningRoutes.RECEIVE_REQUESTS;

import ch.qos.logback.classic.Level;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.apache.camel.Service;
import org.apache.camel.builder.AdviceWith;
import org.apache.camel.component.kafka.KafkaComponent;
import org.apache.camel.component.kafka.KafkaConfiguration;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheck.State;
import org.apache.camel.spi.RouteController;
import org.apache.camel.support.LifecycleStrategySupport;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.RangeAssignor;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.errors.CoordinatorNotAvailableException;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.keyrotation.routes.camel.Prefix;

/**
 * The readiness check is UP exactly while requests are being read and can be acted on. The tests of log messages record those of
 * the whole JVM: they run one after the other.
 */
@ExtendWith(TestTopicsExtension.class)
class ReadinessIT {

    private static final String CHECK = "rotation-topics";

    private final TestTopics topics;

    ReadinessIT(TestTopics topics) {
        this.topics = topics;
    }

    @Test
    void consumerThatDoesNotStartIsNotReadyAndIsLoggedOnceWithoutAStackTrace() {
        RunningRoutes routes = RunningRoutes.unstarted(topics);
        onStartOfIntake(routes, () -> {
            throw new IllegalArgumentException("as for a wrong option");
        });
        try (RecordedLogs logs = RecordedLogs.at(Map.of("org.keyrotation", Level.INFO));
                routes) {
            routes.start(new RotationRoutes(topics.settings()));
            routes.await(() -> logs.lines().stream().anyMatch(line -> line.contains("IllegalArgumentException")));

            HealthCheck.Result down = routes.health(CHECK);
            assertThat(down.getMessage().orElseThrow()).contains("cannot be started", "IllegalArgumentException");
            assertThat(down.getDetails()).containsEntry("retryable", false);
            assertThat(logs.lines())
                    .filteredOn(line -> line.contains("IllegalArgumentException"))
                    .singleElement()
                    .asString()
                    .doesNotContain("\tat ");
        }
    }

    @ParameterizedTest
    @MethodSource("startFailures")
    @Execution(ExecutionMode.CONCURRENT)
    void failedStartIsRetriedUntilItSucceeds(Throwable failure, String reason) {
        AtomicBoolean isFailing = new AtomicBoolean(true);
        AtomicInteger starts = new AtomicInteger();
        RunningRoutes routes = RunningRoutes.unstarted(topics);
        onStartOfIntake(routes, () -> {
            starts.incrementAndGet();
            if (isFailing.get()) {
                sneakyThrow(failure);
            }
        });
        try (routes) {
            routes.start(new RotationRoutes(topics.settings()));
            HealthCheck.Result down = awaitDown(routes, reason);
            assertThat(down.getDetails()).containsEntry("retryable", true);
            routes.await(() -> starts.get() > 1); // the job's listener is called before each start

            isFailing.set(false);
            awaitUp(routes);
        }
    }

    static Stream<Arguments> startFailures() {
        return Stream.of(
                Arguments.of(
                        new IllegalStateException(
                                new ExecutionException(new CoordinatorNotAvailableException("later"))),
                        "CoordinatorNotAvailableException"),
                Arguments.of(new NoClassDefFoundError("as for a missing jar"), "NoClassDefFoundError"));
    }

    /** Calls the action before each start of the consumer of requests. */
    private static void onStartOfIntake(RunningRoutes routes, Runnable action) {
        routes.context().addLifecycleStrategy(new LifecycleStrategySupport() {
            @Override
            public void onServiceAdd(CamelContext context, Service service, Route route) {
                boolean isIntake = service instanceof org.apache.camel.Consumer
                        && route != null
                        && RECEIVE_REQUESTS.equals(route.getId());
                if (isIntake) {
                    action.run();
                }
            }
        });
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> void sneakyThrow(Throwable failure) throws T {
        throw (T) failure;
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void routeWithAnotherEndpointOfTheHostIsWatched() throws Exception {
        try (RunningRoutes routes = RunningRoutes.start(topics)) {
            awaitUp(routes);
            AdviceWith.adviceWith(
                    routes.context(),
                    RECEIVE_REQUESTS,
                    advice -> advice.replaceFromWith("direct:requests-of-the-host"));
            routes.context().getRouteController().startRoute(RECEIVE_REQUESTS);
            awaitUp(routes);

            topics.broker().topics().delete(List.of(topics.keysTopic()));
            awaitDown(routes, "Missing topics: [" + topics.keysTopic() + "]");
        }
    }

    @Test
    void sessionTimeoutThatTheBrokerRefusesIsNotReadyAndIsLoggedOnce() {
        String refusal = "InvalidSessionTimeoutException";
        RunningRoutes routes = RunningRoutes.unstarted(topics);
        KafkaConfiguration kafka =
                routes.context().getComponent("kafka", KafkaComponent.class).getConfiguration();
        kafka.setSessionTimeoutMs(1_000);
        kafka.setHeartbeatIntervalMs(300);
        try (RecordedLogs logs =
                        RecordedLogs.at(Map.of("org.keyrotation", Level.INFO, "org.apache.camel", Level.INFO));
                routes) {
            routes.start(new RotationRoutes(topics.settings()));
            routes.await(() -> warnings(logs).stream().anyMatch(line -> line.contains(refusal)));
            HealthCheck.Result down = awaitDown(routes, refusal);

            assertThat(down.getMessage().orElseThrow()).contains(topics.requestsTopic(), topics.group());
            assertThat(down.getDetails()).containsEntry("retryable", false);
            assertThat(warnings(logs))
                    .filteredOn(line -> line.contains(refusal))
                    .hasSize(1);
            assertThat(logs.lines()).noneMatch(line -> line.contains("Ready:") && line.contains(topics.group()));
        }
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void groupThatAnAclForbidsIsNotReadyUntilItIsAllowed() {
        List<AclBinding> denied = deny(AclOperation.READ, ResourceType.GROUP, topics.group());
        topics.broker().topics().addAcls(denied);
        try (RunningRoutes routes = RunningRoutes.start(topics)) {
            HealthCheck.Result down = awaitDown(routes, "GroupAuthorizationException");
            assertThat(down.getMessage().orElseThrow()).contains(topics.group());
            assertThat(down.getDetails()).containsEntry("retryable", false);

            topics.broker().topics().deleteAcls(denied);
            awaitUp(routes);
            topics.request("S2-1");
            routes.awaitCommitted();
        }
        assertThat(topics.rotated()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({"requests, READ", "retry, WRITE", "ledger, READ", "keys, WRITE", "failures, WRITE"})
    @Execution(ExecutionMode.CONCURRENT)
    void topicThatAnAclForbidsLaterIsNotReadyUntilItIsAllowed(String kind, AclOperation operation) {
        List<AclBinding> denied = deny(operation, ResourceType.TOPIC, topic(kind));
        try (RunningRoutes routes = RunningRoutes.start(topics)) {
            awaitUp(routes);
            topics.broker().topics().addAcls(denied);
            HealthCheck.Result down = awaitDown(routes, "Topic " + topic(kind) + ": the brokers allow ");
            assertThat(down.getMessage().orElseThrow()).contains(operation.name());
            assertThat(down.getDetails()).containsEntry("retryable", false);

            topics.broker().topics().deleteAcls(denied);
            awaitUp(routes);
        }
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void groupWithAMemberOfAnotherProtocolIsNotReadyUntilThatHasLeft() {
        topics.broker().createTopic(topics.requestsTopic(), 1, Map.of());
        try (RunningRoutes routes = RunningRoutes.unstarted(topics)) {
            try (Consumer<byte[], byte[]> other = memberOfAnotherProtocol()) {
                routes.start(new RotationRoutes(topics.settings()));
                awaitDown(routes, "InconsistentGroupProtocolException");
                assertThat(other.assignment()).isNotEmpty();
            }
            awaitUp(routes);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @Execution(ExecutionMode.CONCURRENT)
    void stoppedOrSuspendedRouteIsNotReadyUntilItRunsAgain(boolean isRetryRoute) throws Exception {
        String route =
                isRetryRoute ? Prefix.ROTATION.id("consume-retry-topic-" + topics.retryTopic()) : RECEIVE_REQUESTS;
        try (RunningRoutes routes = RunningRoutes.start(topics)) {
            awaitUp(routes);
            RouteController controller = routes.context().getRouteController();

            controller.suspendRoute(route);
            assertThat(down(routes)).contains("The route " + route + " is Suspended, expected Started");
            controller.resumeRoute(route);
            awaitUp(routes);

            controller.stopRoute(route);
            assertThat(down(routes)).contains("The route " + route + " is Stopped, expected Started");
            controller.startRoute(route);
            awaitUp(routes);
        }
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void topicThatIsDeletedWhileRunningIsNotReady() {
        try (RunningRoutes routes = RunningRoutes.start(topics)) {
            awaitUp(routes);
            topics.broker().topics().delete(List.of(topics.keysTopic()));
            awaitDown(routes, "Missing topics: [" + topics.keysTopic() + "]");
        }
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void instanceWithoutAPartitionIsReady() {
        topics.with("rotation.topics.partitions", "1");
        try (RunningRoutes first = RunningRoutes.start(topics)) {
            awaitUp(first);
            try (RunningRoutes second = RunningRoutes.start(topics)) {
                awaitUp(second);
                first.awaitConsumers(1);
                awaitUp(first);
            }
        }
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void stoppedContextIsNotReady() {
        RunningRoutes routes = RunningRoutes.start(topics);
        awaitUp(routes);
        routes.close();

        assertThat(down(routes)).isEqualTo("The Camel context is Stopped");
    }

    @ParameterizedTest
    @CsvSource({
        "requests, cleanup.policy, compact, expected delete",
        "retry, cleanup.policy, 'compact,delete', expected delete",
        "retry, retention.ms, 1000, 'expected more than 1000, the delay of the topic'",
        "failures, cleanup.policy, compact, expected delete",
        "ledger, cleanup.policy, delete, expected compact alone",
        "keys, min.insync.replicas, 2, expected min.insync.replicas=2",
    })
    @Execution(ExecutionMode.CONCURRENT)
    void topicWithADangerousSettingIsNotReady(String kind, String setting, String value, String expected) {
        topics.broker().createTopic(topic(kind), 1, Map.of(setting, value));

        try (RunningRoutes routes = RunningRoutes.start(topics)) {
            String reason = awaitDown(routes, expected).getMessage().orElseThrow();
            assertThat(reason).contains("Topic " + topic(kind) + ": ", setting + "=" + value);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "keys, cleanup.policy, delete, expected compact alone",
        "keys, cleanup.policy, 'compact,delete', expected compact alone",
        "failures, max.message.bytes, 1000, expected at least 65536",
        "satisfied, cleanup.policy, compact, expected delete",
    })
    void topicWithADoubtfulSettingIsReadyWithAWarning(String kind, String setting, String value, String expected) {
        topics.broker().createTopic(topic(kind), 1, Map.of(setting, value));
        String warning = "Topic " + topic(kind) + ": " + setting + "=" + value + ", " + expected;

        try (RecordedLogs logs = RecordedLogs.at(Map.of("org.keyrotation", Level.INFO));
                RunningRoutes routes = RunningRoutes.start(topics)) {
            awaitUp(routes);
            assertThat(routes.health(CHECK).getDetails().get("warnings"))
                    .asString()
                    .startsWith(warning);
            assertThat(logs.lines()).filteredOn(line -> line.contains(warning)).hasSize(1);
        }
    }

    private String topic(String kind) {
        return switch (kind) {
            case "requests" -> topics.requestsTopic();
            case "retry" -> topics.retryTopic();
            case "failures" -> topics.failuresTopic();
            case "satisfied" -> topics.satisfiedTopic();
            case "ledger" -> topics.ledgerTopic();
            default -> topics.keysTopic();
        };
    }

    private Consumer<byte[], byte[]> memberOfAnotherProtocol() {
        Consumer<byte[], byte[]> member = new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        topics.broker().bootstrapServers(),
                        "group.id",
                        topics.group(),
                        "partition.assignment.strategy",
                        RangeAssignor.class.getName()),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        member.subscribe(List.of(topics.requestsTopic()));
        while (member.assignment().isEmpty()) {
            var unused = member.poll(Duration.ofMillis(100));
        }
        return member;
    }

    /** The first rule allows what the second one does not deny. */
    private static List<AclBinding> deny(AclOperation operation, ResourceType type, String name) {
        ResourcePattern resource = new ResourcePattern(type, name, PatternType.LITERAL);
        return List.of(
                new AclBinding(
                        resource,
                        new AccessControlEntry("User:ANONYMOUS", "*", AclOperation.ALL, AclPermissionType.ALLOW)),
                new AclBinding(
                        resource, new AccessControlEntry("User:ANONYMOUS", "*", operation, AclPermissionType.DENY)));
    }

    /** Warnings about the topics of this test. */
    private List<String> warnings(RecordedLogs logs) {
        return logs.lines().stream()
                .filter(line -> line.startsWith("WARN") && line.contains(topics.requestsTopic()))
                .toList();
    }

    private static String down(RunningRoutes routes) {
        HealthCheck.Result result = routes.health(CHECK);
        assertThat(result.getState()).isEqualTo(State.DOWN);
        return result.getMessage().orElseThrow();
    }

    private static HealthCheck.Result awaitDown(RunningRoutes routes, String reason) {
        routes.await(() -> routes.health(CHECK).getMessage().orElse("").contains(reason));
        return routes.health(CHECK);
    }

    private static void awaitUp(RunningRoutes routes) {
        routes.await(() -> routes.health(CHECK).getState() == State.UP);
    }
}
