package org.keyrotation.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.keyrotation.routes.TestTopics.COMPANY;

import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import javax.management.MalformedObjectNameException;
import javax.management.ObjectName;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.apache.camel.component.http.HttpComponent;
import org.apache.camel.component.kafka.KafkaComponent;
import org.apache.camel.component.kafka.KafkaConfiguration;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.support.PluginHelper;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.keyrotation.model.CredentialId;
import org.keyrotation.model.PlannedRotation;
import org.keyrotation.model.RotationPlan;
import org.keyrotation.model.RotationRequest;
import org.keyrotation.routes.camel.Prefix;
import org.keyrotation.routes.config.ApplicationCallbacks;
import org.keyrotation.sandbox.SandboxBroker;
import org.keyrotation.sandbox.SimulatedManagementApi;

/** The routes share a context with the host application, and with a second set of routes under another prefix. */
@ExtendWith(TestTopicsExtension.class)
@Tag("embedding")
@Execution(ExecutionMode.CONCURRENT)
class CoexistenceIT {

    private static final RotationRequest REQUEST = RotationRequest.of(new CredentialId(COMPANY, "S2-1"));

    private final SandboxBroker broker;
    private final SimulatedManagementApi api;
    private final TestTopics topics;

    CoexistenceIT(SandboxBroker broker, SimulatedManagementApi api, TestTopics topics) {
        this.broker = broker;
        this.api = api;
        this.topics = topics;
    }

    @Test
    void routesWithDifferentPrefixesAreIndependent() {
        try (SimulatedManagementApi liveApi = SimulatedManagementApi.start();
                RunningRoutes host = RunningRoutes.unstarted(topics)) {
            liveApi.addCredential(COMPANY, "S2-1");
            TestTopics live = TestTopics.of(broker, liveApi);
            host.withProperties(propertiesWithLivePrefix(live))
                    .start(new RotationRoutes(), RotationRoutes.withPrefix("live"))
                    .awaitIntake();
            host.await(() -> host.health("live-topics").getState() == HealthCheck.State.UP);
            live.request("S2-1");
            live.request("S2-1", "again", List.of());
            topics.request("S2-1");
            host.await(() -> live.lag() == 0 && topics.lag() == 0);
            RotationOutcome outcome =
                    host.template().requestBody("direct:live-rotate-client-key", REQUEST, RotationOutcome.class);

            assertThat(outcome).isInstanceOfSatisfying(RotationOutcome.Failed.class, failed -> assertThat(
                            failed.event().detail())
                    .contains("live.min-interval"));
            assertThat(topics.lastKey("S2-1")).isEqualTo(api.truth().currentKey(COMPANY, "S2-1"));
            assertThat(live.lastKey("S2-1")).isEqualTo(liveApi.truth().currentKey(COMPANY, "S2-1"));
            assertThat(count(host, "rotation.requests", "rotated")).isEqualTo(1);
            assertThat(count(host, "live.requests", "rotated")).isEqualTo(1);
            host.await(() -> isUp(host, "rotation-topics") && isUp(host, "live-topics"));
        }
    }

    @Test
    @Tag("I2")
    void routesOfTwoApisDoNotShareALedger() {
        try (RunningRoutes host = RunningRoutes.unstarted(topics)) {
            TestTopics live = TestTopics.of(broker, api)
                    .with("rotation.api.base-url", "https://Management-Live.adyen.com/v3")
                    .with("rotation.topics.ledger", topics.ledgerTopic());
            host.withProperties(propertiesWithLivePrefix(live))
                    .start(new RotationRoutes(), RotationRoutes.withPrefix("live"));

            host.await(() -> messages(host).contains("is of the API at") && isAnyUp(host));
            assertThat(messages(host))
                    .contains("Ledger " + topics.ledgerTopic(), "127.0.0.1", "management-live.adyen.com");
        }
    }

    private static String messages(RunningRoutes host) {
        return host.health("rotation-topics").getMessage().orElse("")
                + host.health("live-topics").getMessage().orElse("");
    }

    private static boolean isAnyUp(RunningRoutes host) {
        return isUp(host, "rotation-topics") || isUp(host, "live-topics");
    }

    @Test
    @Tag("I7")
    void schedulesWithDifferentPrefixesAreIndependent() throws Exception {
        try (SimulatedManagementApi liveApi = SimulatedManagementApi.start();
                RunningRoutes host = RunningRoutes.unstarted(topics)) {
            liveApi.addCredential(COMPANY, "S2-live");
            TestTopics live = scheduled(TestTopics.of(broker, liveApi), "S2-live");
            scheduled(topics, "S2-1");
            host.withProperties(propertiesWithLivePrefix(live))
                    .start(new RotationRoutes(), RotationRoutes.withPrefix("live"));
            host.await(() -> isUp(host, "rotation-topics") && isUp(host, "live-topics"));

            assertThat(planned(host, RotationRoutes.PLAN_CLIENT_KEY_ROTATIONS))
                    .containsExactly(new CredentialId(COMPANY, "S2-1"));
            assertThat(planned(host, "direct:live-plan-client-key-rotations"))
                    .containsExactly(new CredentialId(COMPANY, "S2-live"));
            assertThat(schedulesOf(host)).hasSize(2);
            assertThat(api.generateRequests()).isEmpty();
            assertThat(liveApi.generateRequests()).isEmpty();
        }
    }

    private static TestTopics scheduled(TestTopics topics, String apiCredentialId) {
        return topics.with("rotation.schedule.enabled", "true")
                .with("rotation.schedule.targets", COMPANY + "/" + apiCredentialId);
    }

    private static List<CredentialId> planned(RunningRoutes host, String endpoint) {
        return host.template().requestBody(endpoint, null, RotationPlan.class).rotations().stream()
                .map(PlannedRotation::credential)
                .toList();
    }

    private static Set<ObjectName> schedulesOf(RunningRoutes host) throws MalformedObjectNameException {
        String context = ObjectName.quote(host.context().getName());
        return ManagementFactory.getPlatformMBeanServer()
                .queryNames(new ObjectName("org.keyrotation:*,context=" + context), null);
    }

    private static boolean isUp(RunningRoutes host, String check) {
        return host.health(check).getState() == HealthCheck.State.UP;
    }

    /** The properties of both topics, those of the second with the prefix {@code live}. */
    private Map<String, String> propertiesWithLivePrefix(TestTopics live) {
        Map<String, String> properties = new TreeMap<>(topics.properties());
        live.properties().forEach((name, value) -> properties.put(name.replace("rotation.", "live."), value));
        return properties;
    }

    @Test
    void prefixHasItsOwnDefaultTopicsAndGroup() {
        try (RunningRoutes host = RunningRoutes.unstarted(topics)) {
            host.withProperties(Map.of("live.api.key", "k"));

            RotationSettings settings =
                    RotationSettings.read(host.context(), new Prefix("live"), ApplicationCallbacks.NONE);

            assertThat(settings.intake().requestsTopic()).isEqualTo("live.requests");
            assertThat(settings.publish().keysTopic()).isEqualTo("live.keys");
            assertThat(settings.retry().topics().get(0).name()).isEqualTo("live.requests.retry.1");
            assertThat(settings.intake().groupId()).isEqualTo("live-key-rotation");
        }
    }

    @Test
    void everyRouteIdHasThePrefix() {
        try (RunningRoutes host = RunningRoutes.start(topics.with("rotation.schedule.companies", COMPANY))) {
            assertThat(host.context().getRoutes())
                    .isNotEmpty()
                    .extracting(Route::getId)
                    .allMatch(id -> id.startsWith("rotation-"));
        }
    }

    @Test
    void contextOfTheHostIsUnchanged() {
        try (RunningRoutes host = RunningRoutes.unstarted(topics)) {
            CamelContext context = host.context();
            HttpComponent http = context.getComponent("http", HttpComponent.class);
            context.getShutdownStrategy().setTimeUnit(TimeUnit.SECONDS);
            context.getShutdownStrategy().setTimeout(17);
            context.getGlobalOptions().put("host", "option");
            Map<String, Object> before = hostConfiguration(context);

            host.start(new RotationRoutes(topics.settings()));

            assertThat(hostConfiguration(context)).isEqualTo(before);
            assertThat(context.getComponent("http")).isSameAs(http);
            assertThat(http.getHttpClientConfigurer()).isNull();
            assertThat(http.isCopyHeaders()).isTrue();
        }
    }

    private static Map<String, Object> properties(CamelContext context, Object bean) {
        Map<String, Object> properties = new TreeMap<>();
        PluginHelper.getBeanIntrospection(context).getProperties(bean, properties, null);
        return properties;
    }

    private static Map<String, Object> hostConfiguration(CamelContext context) {
        return Map.of(
                "shutdown",
                        List.of(
                                context.getShutdownStrategy(),
                                context.getShutdownStrategy().getTimeout()),
                "options", Map.copyOf(context.getGlobalOptions()),
                "converters", context.getTypeConverterRegistry().size(),
                "errors", String.valueOf(context.getCamelContextExtension().getErrorHandlerFactory()),
                "interceptors", context.getCamelContextExtension().getInterceptStrategies(),
                "kafka",
                        properties(
                                context,
                                context.getComponent("kafka", KafkaComponent.class)
                                        .getConfiguration()),
                "http", properties(context, context.getComponent("http")),
                "uuid", context.getUuidGenerator(),
                "stream caching", context.isStreamCaching(),
                "tracing", context.isTracing());
    }

    @Test
    @Tag("I1")
    @Tag("I5")
    void componentSettingsOfTheHostDoNotMatter() {
        try (RunningRoutes host = RunningRoutes.unstarted(topics)) {
            KafkaConfiguration kafka =
                    host.context().getComponent("kafka", KafkaComponent.class).getConfiguration();
            kafka.setGroupId("hosts");
            kafka.setAutoOffsetReset("latest");
            kafka.setAutoCommitEnable(true);
            kafka.setAllowManualCommit(true);
            kafka.setBatching(true);
            kafka.setBreakOnFirstError(false);
            kafka.setConsumersCount(3);
            kafka.setMaxPollRecords(1);
            kafka.setRequestRequiredAcks("0");
            kafka.setEnableIdempotence(false);
            kafka.setRecordMetadata(false);
            kafka.setUseIterator(true);
            kafka.setClientId("hosts");
            HttpComponent http = host.context().getComponent("http", HttpComponent.class);
            http.setHttpClientConfigurer(client -> client.setUserAgent("hosts"));
            http.setResponseTimeout(1);

            host.start(new RotationRoutes(topics.settings())).awaitIntake();
            topics.request("S2-1");
            host.awaitCommitted();

            assertThat(topics.lastKey("S2-1")).isEqualTo(api.truth().currentKey(COMPANY, "S2-1"));
            assertThat(api.requests())
                    .noneMatch(request -> request.header("User-Agent").equals(Optional.of("hosts")));
            assertThat(kafka.getGroupId()).isEqualTo("hosts");
        }
    }

    private static double count(RunningRoutes host, String meter, String outcome) {
        return host.meters().get(meter).tag("outcome", outcome).counter().count();
    }
}
