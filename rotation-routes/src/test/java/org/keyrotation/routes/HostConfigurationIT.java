package org.keyrotation.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.keyrotation.routes.TestTopics.COMPANY;

import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelExecutionException;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.AdviceWith;
import org.apache.camel.builder.DeadLetterChannelBuilder;
import org.apache.camel.builder.DefaultErrorHandlerBuilder;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.builder.RouteConfigurationBuilder;
import org.apache.camel.component.kafka.KafkaComponent;
import org.apache.camel.component.kafka.KafkaConfiguration;
import org.apache.camel.component.kafka.KafkaConstants;
import org.apache.camel.component.kafka.KafkaHeaderFilterStrategy;
import org.apache.camel.component.kafka.consumer.DefaultKafkaManualCommitFactory;
import org.apache.camel.model.RouteConfigurationDefinition;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerInterceptor;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.RangeAssignor;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerInterceptor;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.clients.producer.RoundRobinPartitioner;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.metrics.KafkaMetric;
import org.apache.kafka.common.metrics.MetricsReporter;
import org.apache.kafka.common.serialization.IntegerSerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.keyrotation.model.CredentialId;
import org.keyrotation.model.RotationRequest;
import org.keyrotation.routes.kafka.GroupMembers;
import org.keyrotation.routes.kafka.KafkaClients;
import org.keyrotation.sandbox.Fault;
import org.keyrotation.sandbox.SimulatedManagementApi;

/** Configuration that a host application makes for its own routes does not weaken a guarantee of ours. */
@ExtendWith(TestTopicsExtension.class)
@Execution(ExecutionMode.CONCURRENT)
@Tag("embedding")
class HostConfigurationIT {

    private final SimulatedManagementApi api;
    private final TestTopics topics;

    HostConfigurationIT(SimulatedManagementApi api, TestTopics topics) {
        this.api = api;
        this.topics = topics;
    }

    @Test
    @Tag("I5")
    void manualCommitFactoryOfTheHostCommitsNothing() {
        api.faults().failAlways(Fault.hang());
        RunningRoutes routes = RunningRoutes.unstarted(topics);
        routes.context().getRegistry().bind("manual", new DefaultKafkaManualCommitFactory());
        try (routes) {
            routes.start(new RotationRoutes(topics.settings())).awaitIntake();
            topics.request("S2-1");
            routes.await(() -> !api.generateRequests().isEmpty());
            routes.stopWithin(1);
        }

        assertThat(topics.lag()).isEqualTo(1);
    }

    /** The metrics reporter sees the settings of each client. */
    @Test
    @Tag("I1")
    @Tag("I2")
    @Tag("I5")
    void clientSettingsOfTheHostDoNotReachOurClients() {
        api.addCredential(COMPANY, "S2-2");
        RunningRoutes routes = RunningRoutes.unstarted(topics);
        KafkaConfiguration host = hostileClientSettings(routes.context());
        try (routes) {
            routes.start(new RotationRoutes(topics.settings())).awaitIntake();
            topics.request("S2-1");
            topics.request("S2-2");
            routes.awaitCommitted();
        }

        assertThat(topics.rotated()).hasSize(2);
        assertThat(topics.lastKey("S2-1")).isEqualTo(api.truth().currentKey(COMPANY, "S2-1"));
        assertThat(topics.lastKey("S2-2")).isEqualTo(api.truth().currentKey(COMPANY, "S2-2"));
        assertThat(topics.records(topics.keysTopic())).hasSize(2).allSatisfy(message -> assertThat(
                        message.headers().lastHeader("ce_type"))
                .isNotNull());
        assertThat(RecordedClientSettings.of(topics.group()))
                .hasSizeGreaterThan(5)
                .allSatisfy(settings -> assertThatNoneIsOf(host, settings));
    }

    @Test
    void retriesOfTheHostDoNotReachOurAdminClient() throws Exception {
        try (RunningRoutes routes = RunningRoutes.unstarted(topics)) {
            CamelContext context = routes.context();
            context.getComponent("kafka", KafkaComponent.class)
                    .getConfiguration()
                    .getAdditionalProperties()
                    .putAll(Map.of("retries", "0", "retry.backoff.ms", "60000", "retry.backoff.max.ms", "60000"));
            try (Admin admin = new KafkaClients(context).admin()) {
                assertThat(new GroupMembers(context).count(admin, topics.group()))
                        .isZero();
            }
        }
    }

    private static void assertThatNoneIsOf(KafkaConfiguration host, Map<String, ?> settings) {
        Set<String> names = new HashSet<>(host.getAdditionalProperties().keySet());
        names.retainAll(
                settings.containsKey("heartbeat.interval.ms")
                        ? ConsumerConfig.configNames()
                        : ProducerConfig.configNames());
        names.removeAll(Set.of("metric.reporters", "client.rack"));

        assertThat(names).hasSizeGreaterThan(6).allSatisfy(name -> assertThat(String.valueOf(settings.get(name)))
                .as(name)
                .isNotEqualTo(host.getAdditionalProperties().get(name)));
    }

    private KafkaConfiguration hostileClientSettings(CamelContext context) {
        KafkaComponent component = context.getComponent("kafka", KafkaComponent.class);
        component.setBridgeErrorHandler(true);
        KafkaConfiguration host = component.getConfiguration();
        host.setTopicIsPattern(true);
        host.setSynchronous(true);
        host.setTransacted(true);
        host.setAutoOffsetReset("latest");
        host.setPartitioner(RoundRobinPartitioner.class.getName());
        host.setInterceptorClasses(RecordSpoiler.class.getName());
        host.setHeaderSerializer((key, value) -> new byte[0]);
        host.setHeaderDeserializer((key, value) -> {
            throw new PlantedException();
        });
        host.setHeaderFilterStrategy(new KafkaHeaderFilterStrategy() {
            @Override
            public boolean applyFilterToCamelHeaders(String name, Object value, Exchange exchange) {
                return true;
            }
        });
        Map<String, Object> hosts = host.getAdditionalProperties();
        hosts.put("metric.reporters", RecordedClientSettings.class.getName());
        hosts.put("client.rack", topics.group());
        hosts.put("acks", "0");
        hosts.put("allow.auto.create.topics", "true");
        hosts.put("auto.offset.reset", "latest");
        hosts.put("delivery.timeout.ms", "700000");
        hosts.put("enable.auto.commit", "true");
        hosts.put("enable.idempotence", "false");
        hosts.put("group.id", "host");
        hosts.put("interceptor.classes", RecordSpoiler.class.getName());
        hosts.put("key.deserializer", StringDeserializer.class.getName());
        hosts.put("key.serializer", IntegerSerializer.class.getName());
        hosts.put("max.block.ms", "600000");
        hosts.put("max.in.flight.requests.per.connection", "100");
        hosts.put("partition.assignment.strategy", RangeAssignor.class.getName());
        hosts.put("partitioner.class", RoundRobinPartitioner.class.getName());
        hosts.put("partitioner.ignore.keys", "true");
        hosts.put("retries", "0");
        hosts.put("value.deserializer", StringDeserializer.class.getName());
        hosts.put("value.serializer", IntegerSerializer.class.getName());
        return host;
    }

    @ParameterizedTest
    @CsvSource({
        "rotation-send-outcome, send-event",
        "rotation-call-outcome-handler, handle-outcome",
        "rotation-rotate, record-settled",
        "rotation-handle-request, done"
    })
    @Tag("I1")
    @Tag("I5")
    void errorHandledByTheHostDoesNotCompleteTheRequest(String route, String step) throws Exception {
        AtomicBoolean broken = new AtomicBoolean(true);
        RunningRoutes routes = RunningRoutes.unstarted(topics);
        routes.context().addRoutesConfigurations(new RouteConfigurationBuilder() {
            @Override
            public void configuration() {
                // Our routes ask for a configuration of this name. No other one applies to them.
                RouteConfigurationDefinition applied = routeConfiguration("rotation-own");
                applied.onException(Exception.class).handled(true);
                applied.onException(PlantedException.class).handled(true); // more specific than our policy
            }
        });
        try (routes) {
            routes.start(new RotationRoutes(topics.settings()).outcomeHandler(outcome -> {}))
                    .awaitIntake();
            AdviceWith.adviceWith(routes.context(), route, advice -> advice.weaveById(".*" + step)
                    .before()
                    .process(exchange -> {
                        if (broken.get()) {
                            exchange.getMessage().setHeader(KafkaConstants.KAFKA_RECORD_META, List.of());
                            throw new PlantedException();
                        }
                    }));
            topics.request("S2-1");
            routes.await(() -> !api.generateRequests().isEmpty());
            assertThat(topics.lag()).isEqualTo(1);

            broken.set(false);
            routes.awaitCommitted();
        }

        assertThat(topics.lastKey("S2-1")).isEqualTo(api.truth().currentKey(COMPANY, "S2-1"));
        assertThat(api.truth().totalGenerations()).isEqualTo(1);
    }

    /** Camel applies such an interceptor to the endpoints of all routes of the context, and no exception tells of it. */
    @ParameterizedTest
    @ValueSource(strings = {"kafka:", "direct:rotation-send-outcome", "direct:rotation-publish-outcome"})
    @Tag("I1")
    @Tag("I5")
    void sendThatTheHostSkipsDoesNotCompleteTheRequest(String endpoint) throws Exception {
        AtomicBoolean skipping = new AtomicBoolean(true);
        AtomicInteger skipped = new AtomicInteger();
        RunningRoutes routes = RunningRoutes.unstarted(topics);
        routes.context().addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                interceptSendToEndpoint((endpoint.equals("kafka:") ? endpoint + topics.keysTopic() : endpoint) + "*")
                        .onWhen(exchange -> skipping.get())
                        .skipSendToOriginalEndpoint()
                        .process(exchange -> skipped.incrementAndGet());
                from("direct:host").to("log:host");
            }
        });
        try (routes) {
            routes.start(new RotationRoutes(topics.settings())).awaitIntake();
            topics.request("S2-1");
            routes.await(() -> skipped.get() > 1);
            assertThat(topics.lag()).isEqualTo(1);

            skipping.set(false);
            routes.awaitCommitted();
        }

        assertThat(topics.lastKey("S2-1")).isEqualTo(api.truth().currentKey(COMPANY, "S2-1"));
        assertThat(api.truth().totalGenerations()).isEqualTo(1);
    }

    @ParameterizedTest
    @MethodSource("hostRouteConfigurations")
    @Tag("I1")
    @Tag("I2")
    void routeConfigurationOfTheHostDoesNotHandleOurErrors(Consumer<RouteConfigurationDefinition> hosts)
            throws Exception {
        api.idempotency(false);
        api.faults().failNext(Fault.reset().afterExecuting());
        try (RunningRoutes routes = hostWithConfiguration(hosts)) {
            routes.start(new RotationRoutes(topics.settings())).awaitIntake();
            topics.request("S2-1");
            routes.awaitCommitted();
        }

        assertThat(api.truth().totalGenerations()).isEqualTo(1);
        assertThat(topics.lastKey("S2-1")).isEqualTo(api.truth().currentKey(COMPANY, "S2-1"));
    }

    private RunningRoutes hostWithConfiguration(Consumer<RouteConfigurationDefinition> configuration) throws Exception {
        RunningRoutes routes = RunningRoutes.unstarted(topics);
        routes.context().addRoutesConfigurations(new RouteConfigurationBuilder() {
            @Override
            public void configuration() {
                configuration.accept(routeConfiguration());
            }
        });
        return routes;
    }

    static Stream<Consumer<RouteConfigurationDefinition>> hostRouteConfigurations() {
        return Stream.of(
                host -> host.onException(IOException.class)
                        .maximumRedeliveries(3)
                        .redeliveryDelay(0),
                host -> host.onException(Exception.class).handled(true),
                host -> host.onException(Exception.class).continued(true),
                host -> {
                    host.intercept().process(exchange -> {
                        throw new PlantedException();
                    });
                    host.interceptSendToEndpoint("kafka:*")
                            .skipSendToOriginalEndpoint()
                            .to("log:skipped");
                });
    }

    @ParameterizedTest
    @MethodSource("hostRouteConfigurations")
    @Tag("I1")
    void routeConfigurationOfTheHostDoesNotPreventDeferral(Consumer<RouteConfigurationDefinition> hosts)
            throws Exception {
        api.faults().failAlways(Fault.status(503));
        topics.with("rotation.retry.delays", "PT1H");
        try (RunningRoutes routes = hostWithConfiguration(hosts)) {
            routes.start(new RotationRoutes(topics.settings())).awaitIntake();
            topics.request("S2-1");
            routes.await(() -> !topics.records(topics.retryTopic()).isEmpty());
        }

        assertThat(topics.rotated()).isEmpty();
    }

    @Test
    @Tag("I2")
    void errorHandlerOfTheHostDoesNotRepeatACall() {
        api.idempotency(false);
        api.faults().failNext(Fault.reset().afterExecuting());
        RunningRoutes routes = RunningRoutes.unstarted(topics);
        DefaultErrorHandlerBuilder repeating = new DefaultErrorHandlerBuilder();
        repeating.maximumRedeliveries(3).redeliveryDelay(0);
        routes.context().getCamelContextExtension().setErrorHandlerFactory(repeating);
        try (routes) {
            routes.start(new RotationRoutes(topics.settings())).awaitIntake();
            topics.request("S2-1");
            routes.awaitCommitted();
        }

        assertThat(api.truth().totalGenerations()).isEqualTo(1);
        assertThat(topics.lastKey("S2-1")).isEqualTo(api.truth().currentKey(COMPANY, "S2-1"));
    }

    @Test
    @Tag("I2")
    void redeliveryOfTheCallerSendsTheSameRequest() throws Exception {
        AtomicBoolean lost = new AtomicBoolean(true);
        RunningRoutes routes = RunningRoutes.unstarted(topics);
        routes.context().addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                onException(Exception.class).maximumRedeliveries(1).redeliveryDelay(0);
                from("direct:ask").to(RotationRoutes.REQUEST_CLIENT_KEY_ROTATION);
            }
        });
        try (routes) {
            routes.start(new RotationRoutes(topics.settings())).awaitIntake();
            AdviceWith.adviceWith(routes.context(), "rotation-send-request", advice -> advice.weaveAddLast()
                    .process(exchange -> {
                        if (lost.getAndSet(false)) {
                            throw new PlantedException();
                        }
                    }));
            routes.context()
                    .createProducerTemplate()
                    .sendBody("direct:ask", RotationRequest.of(new CredentialId(COMPANY, "S2-1")));
            routes.awaitCommitted();
        }

        assertThat(topics.records(topics.requestsTopic())).hasSize(2);
        assertThat(topics.records(topics.requestsTopic()).stream()
                        .map(message -> TestTopics.read(message, RotationRequest.class))
                        .distinct())
                .hasSize(1);
    }

    @Test
    @Tag("I1")
    void unacknowledgedRequestThrowsToTheCaller() throws Exception {
        RunningRoutes routes = RunningRoutes.unstarted(topics);
        routes.context()
                .getCamelContextExtension()
                .setErrorHandlerFactory(new DeadLetterChannelBuilder("log:dead-letters"));
        try (routes) {
            routes.start(new RotationRoutes(topics.settings())).awaitIntake();
            AdviceWith.adviceWith(routes.context(), "rotation-send-request", advice -> advice.weaveAddFirst()
                    .process(exchange -> {
                        throw new PlantedException();
                    }));
            ProducerTemplate template = routes.context().createProducerTemplate();
            RotationRequest request = RotationRequest.of(new CredentialId(COMPANY, "S2-1"));

            assertThatThrownBy(() -> template.sendBody(RotationRoutes.REQUEST_CLIENT_KEY_ROTATION, request))
                    .isInstanceOf(CamelExecutionException.class);
        }
    }

    @Test
    void failedRequestKeepsBodyAndHeadersOfTheCaller() throws Exception {
        try (RunningRoutes routes = topics.start()) {
            AdviceWith.adviceWith(routes.context(), "rotation-send-request", advice -> advice.weaveAddLast()
                    .process(exchange -> {
                        throw new PlantedException();
                    }));

            Exchange failed = routes.context()
                    .createProducerTemplate()
                    .send(RotationRoutes.REQUEST_CLIENT_KEY_ROTATION, exchange -> {
                        exchange.getMessage().setBody(RotationRequest.of(new CredentialId(COMPANY, "S2-1")));
                        exchange.getMessage().setHeader("caller", "its own");
                    });

            assertThat(failed.getException()).isInstanceOf(PlantedException.class);
            assertThat(failed.getMessage().getBody()).isInstanceOf(RotationRequest.class);
            assertThat(failed.getMessage().getHeaders()).containsEntry("caller", "its own");
        }
    }

    @Test
    @Tag("I1")
    void intakeContinuesAfterSuspendStopAndStart() throws Exception {
        try (RunningRoutes routes = topics.start()) {
            routes.context().getRouteController().suspendRoute(RunningRoutes.RECEIVE_REQUESTS);
            routes.context().getRouteController().stopRoute(RunningRoutes.RECEIVE_REQUESTS);
            routes.context().getRouteController().startRoute(RunningRoutes.RECEIVE_REQUESTS);

            topics.request("S2-1");
            routes.awaitCommitted();
        }

        assertThat(topics.rotated()).hasSize(1);
    }

    @Test
    @Tag("I1")
    void suspendedIntakeContinuesOnResume() throws Exception {
        try (RunningRoutes routes = topics.start()) {
            routes.context().getRouteController().suspendRoute(RunningRoutes.RECEIVE_REQUESTS);
            topics.request("S2-1");
            assertThat(api.requests()).isEmpty();

            routes.context().getRouteController().resumeRoute(RunningRoutes.RECEIVE_REQUESTS);
            routes.awaitCommitted();
        }

        assertThat(topics.rotated()).hasSize(1);
    }

    private static final class PlantedException extends RuntimeException {}

    /** Loses the value of each record. */
    public static final class RecordSpoiler
            implements ProducerInterceptor<Object, Object>, ConsumerInterceptor<Object, Object> {

        @Override
        public ProducerRecord<Object, Object> onSend(ProducerRecord<Object, Object> sent) {
            return new ProducerRecord<>(sent.topic(), sent.key(), null);
        }

        @Override
        public ConsumerRecords<Object, Object> onConsume(ConsumerRecords<Object, Object> polled) {
            return ConsumerRecords.empty();
        }

        @Override
        public void onAcknowledgement(RecordMetadata metadata, Exception failure) {}

        @Override
        public void onCommit(Map<TopicPartition, OffsetAndMetadata> offsets) {}

        @Override
        public void configure(Map<String, ?> configs) {}

        @Override
        public void close() {}
    }

    /** The settings of the Kafka clients, by their {@code client.rack}. */
    public static final class RecordedClientSettings implements MetricsReporter {

        private static final Map<String, List<Map<String, ?>>> CLIENTS = new ConcurrentHashMap<>();

        static List<Map<String, ?>> of(String rack) {
            return CLIENTS.getOrDefault(rack, List.of());
        }

        @Override
        public void configure(Map<String, ?> configs) {
            Object rack = configs.get("client.rack"); // an admin client has none
            CLIENTS.computeIfAbsent(String.valueOf(rack), any -> new CopyOnWriteArrayList<>())
                    .add(new HashMap<>(configs));
        }

        @Override
        public void init(List<KafkaMetric> metrics) {}

        @Override
        public void metricChange(KafkaMetric metric) {}

        @Override
        public void metricRemoval(KafkaMetric metric) {}

        @Override
        public void close() {}
    }
}
