package org.keyrotation.routes;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.keyrotation.routes.TestTopics.COMPANY;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.camel.Exchange;
import org.apache.camel.builder.AdviceWith;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.keyrotation.model.CredentialId;
import org.keyrotation.model.FailureCode;
import org.keyrotation.model.RequestSatisfied;
import org.keyrotation.model.RotationRequest;
import org.keyrotation.routes.camel.Prefix;
import org.keyrotation.routes.kafka.OwnershipLostException;
import org.keyrotation.routes.kafka.PartitionOwnership;
import org.keyrotation.routes.kafka.ProcessAgainException;
import org.keyrotation.routes.publish.PublishRoutes;
import org.keyrotation.routes.publish.Publishable;
import org.keyrotation.sandbox.Fault;
import org.keyrotation.sandbox.ReceivedRequest;
import org.keyrotation.sandbox.SandboxBroker;
import org.keyrotation.sandbox.SimulatedManagementApi;

/** The offset of a request is committed once its outcome is acknowledged, and never before. */
@ExtendWith(TestTopicsExtension.class)
@Execution(ExecutionMode.CONCURRENT)
class CommitIT {

    private final SandboxBroker broker;
    private final SimulatedManagementApi api;
    private final TestTopics topics;

    CommitIT(SandboxBroker broker, SimulatedManagementApi api, TestTopics topics) {
        this.broker = broker;
        this.api = api;
        this.topics = topics.with("rotation.topics.partitions", "1");
        IntStream.rangeClosed(2, 5).forEach(i -> api.addCredential(COMPANY, "S2-" + i));
    }

    @Test
    @Tag("I2")
    @Tag("I5")
    void unpublishedKeyIsRetriedBeforeTheCommit() throws Exception {
        createRejecting(topics.keysTopic(), "compact");
        try (RunningRoutes routes = topics.start()) {
            topics.request("S2-1");
            awaitPublishRetry(routes);
            assertThat(topics.lag()).isEqualTo(1);
            assertThat(topics.rotated()).isEmpty();

            acceptAll(topics.keysTopic());
            routes.awaitCommitted();
        }

        assertThat(topics.rotated()).hasSize(1);
        assertThat(topics.lastKey("S2-1")).isEqualTo(api.truth().currentKey(COMPANY, "S2-1"));
        assertThat(api.generateRequests()).hasSize(1);
    }

    @Test
    @Tag("I1")
    @Tag("I5")
    void unauthorizedKeyIsPublishedOnceAllowed() throws Exception {
        AclBinding denied = new AclBinding(
                new ResourcePattern(ResourceType.TOPIC, topics.keysTopic(), PatternType.LITERAL),
                new AccessControlEntry("User:ANONYMOUS", "*", AclOperation.WRITE, AclPermissionType.DENY));
        try (RunningRoutes routes = topics.start()) {
            broker.topics().addAcls(List.of(denied));
            topics.request("S2-1");
            awaitPublishRetry(routes);
            assertThat(topics.lag()).isEqualTo(1);

            broker.topics().deleteAcls(List.of(denied));
            routes.awaitCommitted();
        }

        assertThat(topics.lastKey("S2-1")).isEqualTo(api.truth().currentKey(COMPANY, "S2-1"));
        assertThat(api.truth().totalGenerations()).isEqualTo(1);
    }

    @Test
    @Tag("I5")
    void unpublishedFailureIsRetriedBeforeTheCommit() throws Exception {
        createRejecting(topics.failuresTopic(), "delete");
        try (RunningRoutes routes = topics.start()) {
            topics.request("S2-unknown");
            awaitPublishRetry(routes);
            assertThat(topics.lag()).isEqualTo(1);

            acceptAll(topics.failuresTopic());
            routes.awaitCommitted();
        }

        assertThat(topics.failed()).hasSize(1);
        assertThat(api.requests()).hasSize(1);
    }

    @Test
    @Tag("I1")
    @Tag("I5")
    void unpublishedSatisfiedRequestIsRetriedBeforeTheCommit() throws Exception {
        createRejecting(topics.satisfiedTopic(), "delete");
        try (RunningRoutes routes = topics.start()) {
            topics.request("S2-1");
            topics.request("S2-1", "earlier", Instant.now().minusSeconds(60));
            awaitPublishRetry(routes);
            routes.await(() -> topics.lag() == 1);
            assertThat(lastLedgerEntry()).doesNotContain("earlier");

            acceptAll(topics.satisfiedTopic());
            routes.awaitCommitted();
        }

        assertThat(topics.satisfied()).extracting(RequestSatisfied::requestId).containsExactly("earlier");
        assertThat(lastLedgerEntry()).contains("\"settled\":[\"request-S2-1\",\"earlier\"]");
    }

    private String lastLedgerEntry() {
        List<ConsumerRecord<byte[], byte[]>> entries = topics.records(topics.ledgerTopic());
        return new String(entries.get(entries.size() - 1).value(), UTF_8);
    }

    @Test
    void redeliveriesDoNotAccumulateSuppressedExceptions() {
        AtomicInteger attempts = new AtomicInteger();
        RotationRoutes rotation = new RotationRoutes(topics.settings()).outcomeHandler(outcome -> {
            attempts.incrementAndGet();
            throw new ApiException("planted"); // like every ApiException it has no stack trace to be recognised by
        });
        try (RunningRoutes routes = RunningRoutes.unstarted(topics)) {
            routes.start(rotation).awaitIntake();
            PartitionOwnership isHeld = () -> attempts.get() < 3;
            Exchange result = routes.context()
                    .createProducerTemplate()
                    .send("direct:" + Prefix.ROTATION.id(PublishRoutes.PUBLISH_OUTCOME), exchange -> {
                        RotationRequest request = RotationRequest.of(new CredentialId(COMPANY, "S2-1"));
                        exchange.getMessage()
                                .setBody(new Satisfied(new RotationOutcome.Satisfied(request, null, null), isHeld));
                    });

            assertThat(attempts).hasValue(3);
            assertThat(result.getException())
                    .isInstanceOf(OwnershipLostException.class)
                    .hasNoSuppressedExceptions();
        }
    }

    @Test
    @Tag("I5")
    void stopWithAnUnpublishedKeyCommitsNothing() throws Exception {
        createRejecting(topics.keysTopic(), "compact");
        try (RunningRoutes routes = topics.withShortLease().start()) {
            topics.request("S2-1");
            awaitPublishRetry(routes);
            routes.stopWithin(20);
            assertThat(routes.hasShutdownTimedOut()).isFalse();
        }
        assertThat(topics.lag()).isEqualTo(1);
        assertThat(topics.failed()).isEmpty();
        acceptAll(topics.keysTopic());

        topics.processAll();

        assertThat(topics.lastKey("S2-1")).isEqualTo(api.truth().currentKey(COMPANY, "S2-1"));
        assertThat(topics.failed()).isEmpty();
    }

    @Test
    @Tag("I1")
    void failureDecidedBeforeAStopIsPublishedAfterIt() throws Exception {
        createRejecting(topics.failuresTopic(), "delete");
        try (RunningRoutes routes = topics.start()) {
            api.faults().failNext(Fault.status(403));
            topics.request("S2-1");
            awaitPublishRetry(routes);
            routes.stopWithin(20);
        }
        assertThat(topics.lag()).isEqualTo(1);
        acceptAll(topics.failuresTopic());

        topics.processAll();

        assertThat(topics.failed()).singleElement().satisfies(failed -> assertThat(failed.code())
                .isEqualTo(FailureCode.FORBIDDEN));
        assertThat(topics.rotated()).isEmpty();
    }

    @Test
    @Tag("I5")
    void stopBetweenQuickRetriesCommitsNothing() {
        stopDuring(Fault.status(503));
    }

    @Test
    @Tag("I5")
    void stopDoesNotWaitForRetryAfter() {
        stopDuring(Fault.status(503).retryAfter(Duration.ofSeconds(3)));
    }

    private void stopDuring(Fault fault) {
        api.faults().failAlways(fault);
        try (RunningRoutes routes = topics.withShortLease().start()) {
            topics.request("S2-1");
            awaitApiCalls(1);
            routes.stopWithin(20);
            assertThat(routes.hasShutdownTimedOut()).isFalse();
        }
        assertThat(topics.lag()).isEqualTo(1);
        assertThat(topics.failed()).isEmpty();
        api.faults().noMoreFaults();

        topics.processAll();

        assertThat(topics.failed()).isEmpty();
        assertThat(topics.lastKey("S2-1")).isEqualTo(api.truth().currentKey(COMPANY, "S2-1"));
    }

    @Test
    @Tag("I1")
    @Tag("I5")
    void stopLetsTheCallInFlightFinish() {
        api.latency(Duration.ofMillis(1500));
        try (RunningRoutes routes = topics.start()) {
            topics.request("S2-1");
            awaitApiCalls(1);
            routes.stopWithin(20);
        }

        assertThat(topics.lag()).isZero();
        assertThat(api.truth().totalGenerations()).isEqualTo(1);
        assertThat(topics.lastKey("S2-1")).isEqualTo(api.truth().currentKey(COMPANY, "S2-1"));
    }

    @Test
    @Tag("I1")
    void stopWaitsForARequestThatIsProcessedAgain() throws Exception {
        AtomicInteger attempts = new AtomicInteger();
        try (RunningRoutes routes = topics.start()) {
            AdviceWith.adviceWith(routes.context(), "rotation-handle-request", advice -> advice.weaveAddFirst()
                    .process(exchange -> {
                        // Camel looks each second whether anything is in flight.
                        if (attempts.incrementAndGet() < 15) {
                            throw new ProcessAgainException("planted") {};
                        }
                    }));
            topics.request("S2-1");
            await().until(() -> attempts.get() > 0);
            routes.stopWithin(20);
        }

        assertThat(topics.lag()).isZero();
        assertThat(topics.lastKey("S2-1")).isEqualTo(api.truth().currentKey(COMPANY, "S2-1"));
    }

    @Test
    @Tag("I1")
    @Tag("I5")
    void unexpectedErrorDoesNotSkipItsRequest() throws Exception {
        AtomicBoolean broken = new AtomicBoolean(true);
        try (RunningRoutes routes = topics.start()) {
            AdviceWith.adviceWith(routes.context(), "rotation-publish", advice -> advice.weaveAddFirst()
                    .process(exchange -> {
                        if (broken.get()) {
                            throw new IllegalStateException("planted");
                        }
                    }));
            topics.request("S2-1");
            topics.request("S2-2");
            awaitApiCalls(2);
            assertThat(topics.lag()).isEqualTo(2);
            broken.set(false);
            routes.awaitCommitted();
        }

        assertThat(topics.lastKey("S2-1")).isEqualTo(api.truth().currentKey(COMPANY, "S2-1"));
        assertThat(topics.lastKey("S2-2")).isEqualTo(api.truth().currentKey(COMPANY, "S2-2"));
    }

    @Test
    @Tag("I1")
    @Tag("I5")
    void brokerRestartLosesNoRequest() {
        try (SandboxBroker own = SandboxBroker.start()) {
            TestTopics ownTopics = TestTopics.of(own, api);
            try (RunningRoutes routes = ownTopics.start()) {
                ownTopics.request("S2-1");
                routes.awaitCommitted();
                api.onRequest(new RestartOnce(own)::onRequest);
                api.latency(Duration.ofMillis(300));
                ownTopics.request("S2-2");
                await("the API is called after the restart")
                        .atMost(TestTopics.TIMEOUT)
                        .until(() -> api.generateRequests().size() >= 2);
                ownTopics.request("S2-3");
                routes.awaitCommitted();
            }
            assertThat(List.of("S2-1", "S2-2", "S2-3")).allSatisfy(id -> assertThat(ownTopics.lastKey(id))
                    .isEqualTo(api.truth().currentKey(COMPANY, id)));
        }
    }

    /**
     * Creates a topic for which the broker rejects records of more than 100 bytes, as every event is. Send one request only:
     * Kafka's producer splits a rejected batch of two without end, and dies (KAFKA-8202).
     */
    private void createRejecting(String topic, String cleanupPolicy) {
        broker.createTopic(topic, 1, Map.of("cleanup.policy", cleanupPolicy, "max.message.bytes", "100"));
    }

    private void acceptAll(String topic) throws Exception {
        AlterConfigOp removal = new AlterConfigOp(new ConfigEntry("max.message.bytes", null), OpType.DELETE);
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            admin.incrementalAlterConfigs(
                            Map.of(new ConfigResource(ConfigResource.Type.TOPIC, topic), List.of(removal)))
                    .all()
                    .get();
        }
    }

    private static void awaitPublishRetry(RunningRoutes routes) {
        await("publishing is redelivered").atMost(TestTopics.TIMEOUT).until(() -> routes.redeliveries() > 0);
    }

    private void awaitApiCalls(int least) {
        await("the API is called")
                .atMost(TestTopics.TIMEOUT)
                .until(() -> api.generateRequests().size() >= least);
    }

    /** Restarts the broker on a thread of its own: the event loop of the API must not block. */
    private static final class RestartOnce {
        private final SandboxBroker broker;
        private final AtomicBoolean done = new AtomicBoolean();

        RestartOnce(SandboxBroker broker) {
            this.broker = broker;
        }

        void onRequest(ReceivedRequest request) {
            if (done.compareAndSet(false, true)) {
                new Thread(broker::restart, "restart").start();
            }
        }
    }

    private record Satisfied(RotationOutcome outcome, PartitionOwnership ownership) implements Publishable {}
}
