package org.keyrotation.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.keyrotation.routes.TestTopics.COMPANY;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.camel.CamelExecutionException;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.AdviceWith;
import org.apache.camel.builder.DeadLetterChannelBuilder;
import org.apache.camel.builder.DefaultErrorHandlerBuilder;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.builder.RouteConfigurationBuilder;
import org.apache.camel.component.kafka.KafkaConstants;
import org.apache.camel.component.kafka.consumer.DefaultKafkaManualCommitFactory;
import org.apache.camel.model.RouteConfigurationDefinition;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.keyrotation.model.CredentialId;
import org.keyrotation.model.RotationRequest;
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

    @ParameterizedTest
    @CsvSource({
        "rotation-publish-client-key, send-publish-client-key",
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
}
