package org.keyrotation.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.keyrotation.routes.TestTopics.COMPANY;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.apache.camel.Exchange;
import org.apache.camel.builder.AdviceWith;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.keyrotation.model.CredentialId;
import org.keyrotation.model.FailureCode;
import org.keyrotation.model.RotationRequest;
import org.keyrotation.routes.camel.Prefix;
import org.keyrotation.routes.publish.Outcome;
import org.keyrotation.routes.publish.PublishRoutes;
import org.keyrotation.sandbox.Fault;
import org.keyrotation.sandbox.ReceivedRequest;
import org.keyrotation.sandbox.SandboxBroker;
import org.keyrotation.sandbox.SandboxExtension;
import org.keyrotation.sandbox.SimulatedManagementApi;

/** When the offset of a request is committed, and when it must not be. */
@ExtendWith(SandboxExtension.class)
@Execution(ExecutionMode.CONCURRENT)
class CommitIT {

    private SandboxBroker broker;
    private SimulatedManagementApi api;
    private TestTopics lane;

    @BeforeEach
    void openALane(SandboxBroker shared, SimulatedManagementApi fresh) {
        broker = shared;
        api = fresh;
        IntStream.rangeClosed(1, 5).forEach(i -> api.addCredential(COMPANY, "S2-" + i));
        lane = TestTopics.of(shared, fresh).with("rotation.topics.partitions", "1");
    }

    @Test
    @DisplayName("I5, I2: a key that cannot be published is tried again in place, and only then committed")
    void aKeyThatCannotBePublishedIsTriedAgainInPlace() throws Exception {
        try (RunningRoutes routes = lane.start()) {
            refuse(lane.keysTopic(), true);
            lane.request("S2-1");
            lane.request("S2-2");
            awaitAttemptsToPublish(routes);
            assertThat(lane.lag()).isEqualTo(2);
            assertThat(lane.rotated()).isEmpty();

            refuse(lane.keysTopic(), false);
            routes.awaitCommitted();
        }

        assertThat(lane.rotated()).hasSize(2);
        assertThat(lane.lastKey("S2-1")).isEqualTo(api.truth().currentKey(COMPANY, "S2-1"));
        assertThat(lane.lastKey("S2-2")).isEqualTo(api.truth().currentKey(COMPANY, "S2-2"));
        assertThat(api.generateRequests()).hasSize(2);
    }

    @Test
    @DisplayName("I1, I5: a key that may not be published is published once it may be")
    void aKeyThatMayNotBePublishedIsPublishedOnceItMayBe() throws Exception {
        AclBinding forbidden = new AclBinding(
                new ResourcePattern(ResourceType.TOPIC, lane.keysTopic(), PatternType.LITERAL),
                new AccessControlEntry("User:ANONYMOUS", "*", AclOperation.WRITE, AclPermissionType.DENY));
        try (RunningRoutes routes = lane.start();
                Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            admin.createAcls(List.of(forbidden)).all().get();
            lane.request("S2-1");
            awaitAttemptsToPublish(routes);
            assertThat(lane.lag()).isEqualTo(1);

            admin.deleteAcls(List.of(forbidden.toFilter())).all().get();
            routes.awaitCommitted();
        }

        assertThat(lane.lastKey("S2-1")).isEqualTo(api.truth().currentKey(COMPANY, "S2-1"));
        assertThat(api.truth().totalGenerations()).isEqualTo(1);
    }

    @Test
    @DisplayName("I5: a failure that cannot be published is tried again in place, too")
    void aFailureThatCannotBePublishedIsTriedAgainInPlace() throws Exception {
        try (RunningRoutes routes = lane.start()) {
            refuse(lane.failuresTopic(), true);
            lane.send(new byte[] {'x'});
            lane.request("S2-unknown");
            awaitAttemptsToPublish(routes);
            assertThat(lane.lag()).isEqualTo(2);

            refuse(lane.failuresTopic(), false);
            routes.awaitCommitted();
        }

        assertThat(lane.failed()).hasSize(2);
        assertThat(api.requests()).hasSize(1);
    }

    @Test
    void whatIsTriedForDaysDoesNotKeepTheFailureOfEachTry() {
        AtomicInteger tries = new AtomicInteger();
        RotationRoutes rotation = new RotationRoutes(lane.settings()).outcomeHandler(outcome -> {
            tries.incrementAndGet();
            throw new ApiException("planted"); // as Kafka's own, it has no stack to be known again by
        });
        try (RunningRoutes routes = RunningRoutes.notStarted(lane)) {
            routes.start(rotation).awaitOpen();
            BooleanSupplier threeTimes = () -> tries.get() < 3;
            Exchange told = routes.context()
                    .createProducerTemplate()
                    .send("direct:" + Prefix.ROTATION.of(PublishRoutes.PUBLISH_OUTCOME), exchange -> {
                        RotationRequest request = RotationRequest.of(new CredentialId(COMPANY, "S2-1"));
                        exchange.getMessage().setBody(new Outcome.Satisfied(request, null));
                        exchange.setProperty(PublishRoutes.AS_LONG_AS, threeTimes);
                    });

            assertThat(tries).hasValue(3);
            assertThat(told.getException()).isInstanceOf(ApiException.class).hasNoSuppressedExceptions();
        }
    }

    @Test
    @DisplayName("I5: a stop while a key cannot be published commits nothing, and the next start does it again")
    void aStopWhileAKeyCannotBePublished() throws Exception {
        try (RunningRoutes routes = lane.start()) {
            refuse(lane.keysTopic(), true);
            lane.request("S2-1");
            awaitAttemptsToPublish(routes);
            routes.stopWithin(20);
            assertThat(routes.wasForced()).isFalse();
        }
        assertThat(lane.lag()).isEqualTo(1);
        assertThat(lane.failed()).isEmpty();
        refuse(lane.keysTopic(), false);

        lane.handle(() -> {});

        assertThat(lane.lastKey("S2-1")).isEqualTo(api.truth().currentKey(COMPANY, "S2-1"));
        assertThat(lane.failed()).isEmpty();
    }

    @Test
    @DisplayName(
            "I1: a failure that a stop kept from being told is told by the next start, whatever the API says by then")
    void aStopWhileAFailureCannotBePublished() throws Exception {
        try (RunningRoutes routes = lane.start()) {
            refuse(lane.failuresTopic(), true);
            lane.request("S2-unknown");
            awaitAttemptsToPublish(routes);
            routes.stopWithin(20);
        }
        assertThat(lane.lag()).isEqualTo(1);
        refuse(lane.failuresTopic(), false);
        api.addCredential(COMPANY, "S2-unknown");

        lane.handle(() -> {});

        assertThat(lane.failed()).singleElement().satisfies(failed -> assertThat(failed.code())
                .isEqualTo(FailureCode.CREDENTIAL_NOT_FOUND));
        assertThat(lane.rotated()).isEmpty();
    }

    @Test
    @DisplayName("I5: a stop between two quick tries neither gives up nor commits, and the next start does it again")
    void aStopWhileTheApiFails() {
        aStopWhile(Fault.status(503));
    }

    @Test
    @DisplayName("I5: a stop does not wait for the end of a Retry-After")
    void aStopWhileTheApiAsksForPatience() {
        aStopWhile(Fault.status(503).retryAfter(Duration.ofSeconds(3)));
    }

    private void aStopWhile(Fault fault) {
        api.faults().failAlways(fault);
        try (RunningRoutes routes = lane.start()) {
            lane.request("S2-1");
            awaitRequests(1);
            routes.stopWithin(20);
            assertThat(routes.wasForced()).isFalse();
        }
        assertThat(lane.lag()).isEqualTo(1);
        assertThat(lane.failed()).isEmpty();
        api.faults().noMoreFaults();

        lane.handle(() -> {});

        assertThat(lane.failed()).isEmpty();
        assertThat(lane.lastKey("S2-1")).isEqualTo(api.truth().currentKey(COMPANY, "S2-1"));
    }

    @Test
    @DisplayName("I1, I5: a stop in the middle of a call lets it end, publishes its key and commits")
    void aStopWhileTheApiIsSlow() {
        api.latency(Duration.ofMillis(1500));
        try (RunningRoutes routes = lane.start()) {
            lane.request("S2-1");
            awaitRequests(1);
            routes.stopWithin(20);
        }

        assertThat(lane.lag()).isZero();
        assertThat(api.truth().totalGenerations()).isEqualTo(1);
        assertThat(lane.lastKey("S2-1")).isEqualTo(api.truth().currentKey(COMPANY, "S2-1"));
    }

    @Test
    @DisplayName("I1, I5: an error that nobody foresaw does not skip its request")
    void anErrorThatNobodyForesaw() throws Exception {
        AtomicBoolean broken = new AtomicBoolean(true);
        try (RunningRoutes routes = lane.start()) {
            AdviceWith.adviceWith(routes.context(), "rotation-publish", advice -> advice.weaveAddFirst()
                    .process(exchange -> {
                        if (broken.get()) {
                            throw new IllegalStateException("planted");
                        }
                    }));
            lane.request("S2-1");
            lane.request("S2-2");
            awaitRequests(2);
            assertThat(lane.lag()).isEqualTo(2);
            broken.set(false);
            routes.awaitCommitted();
        }

        assertThat(lane.lastKey("S2-1")).isEqualTo(api.truth().currentKey(COMPANY, "S2-1"));
        assertThat(lane.lastKey("S2-2")).isEqualTo(api.truth().currentKey(COMPANY, "S2-2"));
    }

    @Test
    @DisplayName("I1, I5: nothing is lost or rotated twice by a broker that is restarted in the middle")
    void aBrokerThatIsRestartedInTheMiddle() {
        try (SandboxBroker own = SandboxBroker.start()) {
            TestTopics far = TestTopics.of(own, api);
            try (RunningRoutes routes = far.start()) {
                far.request("S2-1");
                routes.awaitCommitted();
                api.onRequest(new RestartOnce(own)::met);
                api.latency(Duration.ofMillis(300));
                far.request("S2-2");
                await("the broker is back")
                        .atMost(TestTopics.PATIENCE)
                        .until(() -> api.generateRequests().size() >= 2);
                far.request("S2-3");
                routes.awaitCommitted();
            }
            assertThat(List.of("S2-1", "S2-2", "S2-3")).allSatisfy(id -> assertThat(far.lastKey(id))
                    .isEqualTo(api.truth().currentKey(COMPANY, id)));
        }
    }

    /** A message larger than this is not taken; a key's is always larger. */
    private void refuse(String topic, boolean refused) throws Exception {
        ConfigEntry limit = new ConfigEntry("max.message.bytes", "100");
        AlterConfigOp change = new AlterConfigOp(limit, refused ? OpType.SET : OpType.DELETE);
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            admin.incrementalAlterConfigs(Map.of(new ConfigResource(ConfigResource.Type.TOPIC, topic), List.of(change)))
                    .all()
                    .get();
        }
    }

    private static void awaitAttemptsToPublish(RunningRoutes routes) {
        await("publishing is tried again").atMost(TestTopics.PATIENCE).until(() -> routes.redeliveries() > 0);
    }

    private void awaitRequests(int least) {
        await("the API is called")
                .atMost(TestTopics.PATIENCE)
                .until(() -> api.generateRequests().size() >= least);
    }

    /** Off the API's event loop, which must not block. */
    private static final class RestartOnce {
        private final SandboxBroker broker;
        private final AtomicBoolean done = new AtomicBoolean();

        RestartOnce(SandboxBroker broker) {
            this.broker = broker;
        }

        void met(ReceivedRequest request) {
            if (done.compareAndSet(false, true)) {
                new Thread(broker::restart, "restart").start();
            }
        }
    }
}
