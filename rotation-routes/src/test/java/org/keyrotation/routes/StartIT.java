package org.keyrotation.routes;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.camel.ServiceStatus;
import org.apache.camel.component.kafka.KafkaComponent;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheck.State;
import org.apache.camel.health.HealthCheckHelper;
import org.apache.camel.health.HealthCheckRegistry;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.keyrotation.routes.camel.Prefix;
import org.keyrotation.routes.config.InvalidSettingsException;
import org.keyrotation.routes.schedule.ScheduleRoutes;
import org.keyrotation.routes.startup.IntakeStarter;
import org.keyrotation.sandbox.Fault;
import org.keyrotation.sandbox.SandboxBroker;
import org.keyrotation.sandbox.SimulatedManagementApi;
import org.slf4j.LoggerFactory;

/** The start of the routes with missing topics, absent brokers or wrong authentication, and its health checks. */
@ExtendWith(TestTopicsExtension.class)
class StartIT {

    private static final String TOPICS = "rotation-topics";
    private static final String AUTHENTICATION = "rotation-api-authentication";
    private static final Duration STARTUP_LISTENER_TIMEOUT = Duration.ofSeconds(4);
    private static final int MORE_THAN_QUEUE_CAPACITY = 1_100;

    private final SimulatedManagementApi api;
    private final TestTopics topics;

    StartIT(SimulatedManagementApi api, TestTopics topics) {
        this.api = api;
        this.topics = topics;
    }

    @Test
    void missingTopicsAreCreatedWithTheirCleanupPolicy() throws Exception {
        topics.with("rotation.topics.partitions", "3").start().close();

        try (Admin admin =
                Admin.create(Map.of("bootstrap.servers", topics.broker().bootstrapServers()))) {
            List<String> names = List.of(
                    topics.requestsTopic(),
                    topics.keysTopic(),
                    topics.failuresTopic(),
                    topics.satisfiedTopic(),
                    topics.ledgerTopic(),
                    topics.retryTopic());
            assertThat(admin.describeTopics(names).allTopicNames().get().values())
                    .hasSize(6)
                    .allMatch(topic -> topic.partitions().size() == 3);
            assertThat(names.stream().map(name -> setting(admin, name, "cleanup.policy")))
                    .containsExactly("delete", "compact", "delete", "delete", "compact", "delete");
            assertThat(setting(admin, topics.ledgerTopic(), "min.compaction.lag.ms"))
                    .isEqualTo("3600000");
        }
    }

    @Test
    void intakeWaitsForMissingTopicsWhenCreationIsOff() {
        topics.with("rotation.topics.create", "false");
        topics.broker().createTopic(topics.keysTopic(), 1, Map.of());

        try (RunningRoutes routes = RunningRoutes.start(topics)) {
            routes.await(() -> routes.health(TOPICS).getMessage().orElse("").contains(topics.requestsTopic()));
            HealthCheck.Result closed = routes.health(TOPICS);
            topics.broker().createTopic(topics.requestsTopic(), 1, Map.of());
            topics.broker().createTopic(topics.failuresTopic(), 1, Map.of());
            topics.broker().createTopic(topics.satisfiedTopic(), 1, Map.of());
            topics.broker().createTopic(topics.retryTopic(), 1, Map.of());
            topics.broker().createTopic(topics.ledgerTopic(), 1, Map.of("cleanup.policy", "compact"));
            routes.awaitIntake();

            assertThat(closed.getState()).isEqualTo(State.DOWN);
            assertThat(closed.getMessage().orElseThrow())
                    .contains(topics.requestsTopic(), topics.failuresTopic(), "rotation.topics.create=true")
                    .doesNotContain(topics.keysTopic());
            routes.await(() -> routes.health(TOPICS).getState() == State.UP);
            topics.request("S2-1");
            routes.awaitCommitted();
        }
        assertThat(topics.rotated()).hasSize(1);
    }

    @Test
    void readyMessageFollowsTheHealthChecks() throws Exception {
        RunningRoutes routes = RunningRoutes.unstarted(topics);
        try (ReadyMessageProbe probe = new ReadyMessageProbe(routes, RunningRoutes.RECEIVE_REQUESTS);
                routes) {
            routes.context().addRoutes(new RotationRoutes(topics.settings()));
            HealthCheckRegistry registry = requireNonNull(HealthCheckRegistry.get(routes.context()));
            registry.register(registry.resolveById("context"));
            routes.context().addStartupListener((context, alreadyStarted) -> {
                if (!alreadyStarted) {
                    probe.awaitMessage(STARTUP_LISTENER_TIMEOUT);
                }
            });
            routes.start();
            routes.await(() -> probe.isLogged.getCount() == 0);

            assertThat(probe.states).containsEntry("context", State.UP).containsEntry(TOPICS, State.UP);
        }
    }

    @Test
    void readyMessagePrecedesTheSchedule() throws Exception {
        topics.with("rotation.schedule.enabled", "true").with("rotation.schedule.targets", "AcmeCorp/S2-1");
        String schedule = Prefix.ROTATION.id(ScheduleRoutes.REQUEST_DUE_EACH_TICK);
        try (RunningRoutes routes = RunningRoutes.unstarted(topics);
                ReadyMessageProbe probe = new ReadyMessageProbe(routes, schedule)) {
            routes.start(new RotationRoutes(topics.settings()));
            routes.await(() -> routeStatus(routes, schedule).isStarted());

            assertThat(probe.isLogged.getCount()).isZero();
            assertThat(probe.routeStatuses).containsExactly(ServiceStatus.Stopped);
        }
    }

    @Test
    void consumerSettingThatKafkasClientRefusesStopsTheStart() {
        try (RunningRoutes routes = RunningRoutes.unstarted(topics)) {
            routes.context()
                    .getComponent("kafka", KafkaComponent.class)
                    .getConfiguration()
                    .setSessionTimeoutMs(1_000);

            assertThatThrownBy(() -> routes.start(new RotationRoutes(topics.settings())))
                    .rootCause()
                    .isInstanceOf(InvalidSettingsException.class)
                    .hasMessageContaining("camel.component.kafka.session-timeout-ms: refused by Kafka's client");
        }
    }

    @Test
    void hostMayRestartRoutesWhileTopicsAreMissing() throws Exception {
        topics.with("rotation.topics.create", "false");
        try (RunningRoutes routes = RunningRoutes.start(topics)) {
            String route = Prefix.ROTATION.id("rotate-client-key");
            for (int i = 0; i < MORE_THAN_QUEUE_CAPACITY; i++) {
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
    void intakeWaitsForUnavailableBrokers() {
        try (SandboxBroker own = SandboxBroker.start()) {
            TestTopics ownTopics = TestTopics.of(own, api);
            own.stop();

            try (RunningRoutes routes = RunningRoutes.start(ownTopics)) {
                HealthCheck.Result closed = routes.health(TOPICS);
                own.restart();
                routes.awaitIntake();

                assertThat(closed.getState()).isEqualTo(State.DOWN);
                assertThat(closed.getMessage().orElseThrow()).contains(own.bootstrapServers(), "does not answer");
                routes.await(() -> routes.health(TOPICS).getState() == State.UP);
                ownTopics.request("S2-1");
                routes.awaitCommitted();
            }
            assertThat(ownTopics.rotated()).hasSize(1);
        }
    }

    @Test
    void unavailableBrokersDoNotPreventAStop() {
        try (SandboxBroker own = SandboxBroker.start()) {
            TestTopics ownTopics = TestTopics.of(own, api);
            own.stop();
            RunningRoutes routes = RunningRoutes.start(ownTopics);

            routes.stopWithin(10);

            assertThat(routes.hasShutdownTimedOut()).isFalse();
            assertThat(routes.context().isStopped()).isTrue();
        }
    }

    @Test
    void rejectedAuthIsReportedUntilTheNextOtherResponse() {
        api.faults().failNext(Fault.status(401).retryAfter(Duration.ofHours(1)));
        try (RunningRoutes routes = topics.start()) {
            assertThat(routes.health(AUTHENTICATION).getState()).isEqualTo(State.UP);

            topics.request("S2-1");
            routes.awaitFirstAttempts();
            HealthCheck.Result rejected = routes.health(AUTHENTICATION);
            api.addCredential("AcmeCorp", "S2-2");
            topics.request("S2-2");
            routes.awaitFirstAttempts();

            assertThat(rejected.getState()).isEqualTo(State.DOWN);
            assertThat(rejected.getMessage().orElseThrow()).contains("401", "rotation.api.*");
            assertThat(routes.health(AUTHENTICATION).getState()).isEqualTo(State.UP);
        }
    }

    @Test
    void rejectedAuthOfOneCompanyIsNamed() {
        api.addCredential("OtherCorp", "S2-2");
        topics.with("rotation.api.companies.AcmeCorp.key", "wrong");
        try (RunningRoutes routes = topics.start()) {
            topics.request("S2-1");
            routes.awaitFirstAttempts();

            HealthCheck.Result rejected = routes.health(AUTHENTICATION);
            assertThat(rejected.getState()).isEqualTo(State.DOWN);
            assertThat(rejected.getMessage().orElseThrow())
                    .contains("rotation.api.companies.AcmeCorp.*")
                    .doesNotContain("wrong");
        }
        assertThat(api.requests()).isNotEmpty();
    }

    @Test
    void neitherCheckIsALivenessCheck() {
        try (RunningRoutes routes = topics.start()) {
            for (String id : List.of(TOPICS, AUTHENTICATION)) {
                HealthCheck check = routes.healthCheck(id);
                assertThat(check.isReadiness()).as(id).isTrue();
                assertThat(check.isLiveness()).as(id).isFalse();
            }
        }
    }

    private static String setting(Admin admin, String topic, String name) {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        try {
            return admin.describeConfigs(List.of(resource))
                    .all()
                    .get()
                    .values()
                    .iterator()
                    .next()
                    .get(name)
                    .value();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    private static ServiceStatus routeStatus(RunningRoutes routes, String route) {
        return routes.context().getRouteController().getRouteStatus(route);
    }

    /** Reads the readiness checks, and the status of a route, at the moment at which the ready message is logged. */
    private final class ReadyMessageProbe extends AppenderBase<ILoggingEvent> implements AutoCloseable {

        private final Map<String, State> states = new ConcurrentHashMap<>();
        private final CountDownLatch isLogged = new CountDownLatch(1);
        private final Logger logger = (Logger) LoggerFactory.getLogger(IntakeStarter.class);
        private final List<ServiceStatus> routeStatuses = new CopyOnWriteArrayList<>();
        private final RunningRoutes routes;
        private final String route;

        private ReadyMessageProbe(RunningRoutes routes, String route) {
            this.routes = routes;
            this.route = route;
            start();
            logger.setLevel(Level.INFO);
            logger.addAppender(this);
        }

        @Override
        protected void append(ILoggingEvent event) {
            String line = event.getFormattedMessage();
            if (line.startsWith("Ready:") && line.endsWith(" " + topics.group())) {
                HealthCheckHelper.invokeReadiness(routes.context(), "full")
                        .forEach(result -> states.put(result.getCheck().getId(), result.getState()));
                routeStatuses.add(routeStatus(routes, route));
                isLogged.countDown();
            }
        }

        private void awaitMessage(Duration atMost) throws InterruptedException {
            var unused = isLogged.await(atMost.toMillis(), TimeUnit.MILLISECONDS);
        }

        @Override
        public void close() {
            logger.detachAppender(this);
            logger.setLevel(null);
        }
    }
}
