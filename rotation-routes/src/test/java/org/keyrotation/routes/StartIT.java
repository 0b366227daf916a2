package org.keyrotation.routes;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.keyrotation.routes.TestTopics.COMPANY;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheck.State;
import org.apache.camel.health.HealthCheckHelper;
import org.apache.camel.health.HealthCheckRegistry;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.keyrotation.routes.camel.Prefix;
import org.keyrotation.sandbox.Fault;
import org.keyrotation.sandbox.SandboxBroker;
import org.keyrotation.sandbox.SandboxExtension;
import org.keyrotation.sandbox.SimulatedManagementApi;
import org.slf4j.LoggerFactory;

/** What is there when the routes start, what is not, and how their health tells it. */
@ExtendWith(SandboxExtension.class)
class StartIT {

    private static final String TOPICS = "rotation-topics";
    private static final String SIGN_IN = "rotation-api-authentication";
    private static final Duration SLOW_START = Duration.ofSeconds(4);
    private static final int MORE_THAN_A_QUEUE_HOLDS = 1_100;

    private SimulatedManagementApi api;
    private TestTopics lane;

    @BeforeEach
    void openALane(SandboxBroker broker, SimulatedManagementApi fresh) {
        api = fresh;
        api.addCredential(COMPANY, "S2-1");
        lane = TestTopics.of(broker, fresh);
    }

    @Test
    void missingTopicsAreCreatedAndTheKeysCompacted() throws Exception {
        lane.with("rotation.topics.partitions", "3").start().close();

        try (Admin admin =
                Admin.create(Map.of("bootstrap.servers", lane.broker().bootstrapServers()))) {
            List<String> names = List.of(
                    lane.requestsTopic(),
                    lane.keysTopic(),
                    lane.failuresTopic(),
                    lane.ledgerTopic(),
                    lane.retryTopic());
            assertThat(admin.describeTopics(names).allTopicNames().get().values())
                    .hasSize(5)
                    .allMatch(topic -> topic.partitions().size() == 3);
            assertThat(names.stream().map(name -> cleanupPolicy(admin, name)))
                    .containsExactly("delete", "compact", "delete", "compact", "delete");
        }
    }

    @Test
    void whereTopicsAreNotToBeCreatedTheIntakeWaitsUntilSomebodyDoes() {
        lane.with("rotation.topics.create", "false");
        lane.broker().createTopic(lane.keysTopic(), 1, Map.of());

        try (RunningRoutes routes = RunningRoutes.start(lane)) {
            HealthCheck.Result shut = routes.health(TOPICS);
            lane.broker().createTopic(lane.requestsTopic(), 1, Map.of());
            lane.broker().createTopic(lane.failuresTopic(), 1, Map.of());
            lane.broker().createTopic(lane.retryTopic(), 1, Map.of());
            lane.broker().createTopic(lane.ledgerTopic(), 1, Map.of("cleanup.policy", "compact"));
            routes.awaitOpen();

            assertThat(shut.getState()).isEqualTo(State.DOWN);
            assertThat(shut.getMessage().orElseThrow())
                    .contains(lane.requestsTopic(), lane.failuresTopic(), "rotation.topics.create=true")
                    .doesNotContain(lane.keysTopic());
            assertThat(routes.health(TOPICS).getState()).isEqualTo(State.UP);
            lane.request("S2-1");
            routes.awaitCommitted();
        }
        assertThat(lane.rotated()).hasSize(1);
    }

    @Test
    void whoReadsThatItIsReadyFindsItHealthyWhateverElseIsStillStarting() throws Exception {
        RunningRoutes routes = RunningRoutes.notStarted(lane);
        try (ReadyLineReader reader = new ReadyLineReader(routes);
                routes) {
            routes.context().addRoutes(new RotationRoutes(lane.settings()));
            HealthCheckRegistry registry = requireNonNull(HealthCheckRegistry.get(routes.context()));
            registry.register(registry.resolveById("context"));
            routes.context().addStartupListener((context, alreadyStarted) -> {
                if (!alreadyStarted) {
                    reader.awaitALine(SLOW_START);
                }
            });
            routes.start();
            routes.await(() -> reader.isRead.getCount() == 0);

            assertThat(reader.states).containsEntry("context", State.UP).containsEntry(TOPICS, State.UP);
        }
    }

    @Test
    void aHostMayStartItsRoutesAsOftenAsItLikesMeanwhile() throws Exception {
        lane.with("rotation.topics.create", "false");
        try (RunningRoutes routes = RunningRoutes.start(lane)) {
            String route = Prefix.ROTATION.of("rotate-client-key");
            for (int i = 0; i < MORE_THAN_A_QUEUE_HOLDS; i++) {
                routes.context().getRouteController().stopRoute(route);
                routes.context().getRouteController().startRoute(route);
            }
            assertThat(routes.context()
                            .getRouteController()
                            .getRouteStatus(route)
                            .isStarted())
                    .isTrue();
        }
    }

    @Test
    void brokersThatAreAwayAtTheStartAreWaitedFor() {
        try (SandboxBroker own = SandboxBroker.start()) {
            TestTopics far = TestTopics.of(own, api);
            own.stop();

            try (RunningRoutes routes = RunningRoutes.start(far)) {
                HealthCheck.Result shut = routes.health(TOPICS);
                own.restart();
                routes.awaitOpen();

                assertThat(shut.getState()).isEqualTo(State.DOWN);
                assertThat(shut.getMessage().orElseThrow()).contains(own.bootstrapServers(), "does not serve");
                assertThat(routes.health(TOPICS).getState()).isEqualTo(State.UP);
                far.request("S2-1");
                routes.awaitCommitted();
            }
            assertThat(far.rotated()).hasSize(1);
        }
    }

    @Test
    void brokersThatStayAwayDoNotKeepTheRoutesFromStopping() {
        try (SandboxBroker own = SandboxBroker.start()) {
            TestTopics far = TestTopics.of(own, api);
            own.stop();
            RunningRoutes routes = RunningRoutes.start(far);

            routes.stopWithin(10);

            assertThat(routes.wasForced()).isFalse();
            assertThat(routes.context().isStopped()).isTrue();
        }
    }

    @Test
    void aSignInThatIsRefusedIsToldUntilTheNextOtherAnswer() {
        api.faults().failNext(Fault.status(401).retryAfter(Duration.ofHours(1)));
        try (RunningRoutes routes = lane.start()) {
            assertThat(routes.health(SIGN_IN).getState()).isEqualTo(State.UP);

            lane.request("S2-1");
            routes.awaitTried();
            HealthCheck.Result refused = routes.health(SIGN_IN);
            api.addCredential("AcmeCorp", "S2-2");
            lane.request("S2-2");
            routes.awaitTried();

            assertThat(refused.getState()).isEqualTo(State.DOWN);
            assertThat(refused.getMessage().orElseThrow()).contains("401", "rotation.api.*");
            assertThat(routes.health(SIGN_IN).getState()).isEqualTo(State.UP);
        }
    }

    @Test
    void theRefusedSignInOfOneCompanyIsNamed() {
        api.addCredential("OtherCorp", "S2-2");
        lane.with("rotation.api.companies.AcmeCorp.key", "wrong");
        try (RunningRoutes routes = lane.start()) {
            lane.request("S2-1");
            routes.awaitTried();

            HealthCheck.Result refused = routes.health(SIGN_IN);
            assertThat(refused.getState()).isEqualTo(State.DOWN);
            assertThat(refused.getMessage().orElseThrow())
                    .contains("rotation.api.companies.AcmeCorp.*")
                    .doesNotContain("wrong");
        }
        assertThat(api.requests()).isNotEmpty();
    }

    @Test
    void neitherCheckIsOneOfLiveness() {
        try (RunningRoutes routes = lane.start()) {
            for (String id : List.of(TOPICS, SIGN_IN)) {
                HealthCheck check = routes.healthCheck(id);
                assertThat(check.isReadiness()).as(id).isTrue();
                assertThat(check.isLiveness()).as(id).isFalse();
            }
        }
    }

    private static String cleanupPolicy(Admin admin, String topic) {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        try {
            return admin.describeConfigs(List.of(resource))
                    .all()
                    .get()
                    .values()
                    .iterator()
                    .next()
                    .get("cleanup.policy")
                    .value();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Asks for the health as soon as the line is there. */
    private final class ReadyLineReader extends AppenderBase<ILoggingEvent> implements AutoCloseable {

        private final Map<String, State> states = new ConcurrentHashMap<>();
        private final CountDownLatch isRead = new CountDownLatch(1);
        private final Logger logger = (Logger) LoggerFactory.getLogger(RotationRoutes.class);
        private final RunningRoutes routes;

        private ReadyLineReader(RunningRoutes routes) {
            this.routes = routes;
            start();
            logger.setLevel(Level.INFO);
            logger.addAppender(this);
        }

        @Override
        protected void append(ILoggingEvent event) {
            String line = event.getFormattedMessage();
            if (line.startsWith("Ready:") && line.endsWith(" " + lane.group())) {
                HealthCheckHelper.invokeReadiness(routes.context(), "full")
                        .forEach(result -> states.put(result.getCheck().getId(), result.getState()));
                isRead.countDown();
            }
        }

        private void awaitALine(Duration atMost) throws InterruptedException {
            var unused = isRead.await(atMost.toMillis(), TimeUnit.MILLISECONDS);
        }

        @Override
        public void close() {
            logger.detachAppender(this);
            logger.setLevel(null);
        }
    }
}
