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
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.AdviceWith;
import org.apache.camel.builder.DeadLetterChannelBuilder;
import org.apache.camel.builder.DefaultErrorHandlerBuilder;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.builder.RouteConfigurationBuilder;
import org.apache.camel.component.kafka.KafkaConstants;
import org.apache.camel.component.kafka.consumer.DefaultKafkaManualCommitFactory;
import org.apache.camel.model.RouteConfigurationDefinition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
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
import org.keyrotation.sandbox.SandboxBroker;
import org.keyrotation.sandbox.SandboxExtension;
import org.keyrotation.sandbox.SimulatedManagementApi;

/** What a host may have in its context for its own routes does not loosen a promise here. */
@ExtendWith(SandboxExtension.class)
@Execution(ExecutionMode.CONCURRENT)
@Tag("embedding")
class HostConfigurationIT {

    private SimulatedManagementApi api;
    private TestTopics lane;

    @BeforeEach
    void openALane(SandboxBroker broker, SimulatedManagementApi fresh) {
        api = fresh;
        api.addCredential(COMPANY, "S2-1");
        lane = TestTopics.of(broker, fresh);
    }

    @Test
    @DisplayName("I5: a host's manual commit factory commits nothing of ours")
    void aHostsManualCommitFactoryCommitsNothingOfOurs() {
        api.faults().failAlways(Fault.hang());
        RunningRoutes routes = RunningRoutes.notStarted(lane);
        routes.context().getRegistry().bind("manual", new DefaultKafkaManualCommitFactory());
        try (routes) {
            routes.start(new RotationRoutes(lane.settings())).awaitOpen();
            lane.request("S2-1");
            routes.await(() -> !api.generateRequests().isEmpty());
            routes.stopWithin(1);
        }

        assertThat(lane.lag()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({
        "rotation-publish-client-key, send-publish-client-key",
        "rotation-hand-on-to-application, take-over",
        "rotation-rotate, record-settled",
        "rotation-handle-request, done"
    })
    @DisplayName("I1, I5: an error that a host's error handler deals with does not make a request done")
    void anErrorThatAHostsHandlerDealsWithDoesNotMakeARequestDone(String route, String step) throws Exception {
        AtomicBoolean broken = new AtomicBoolean(true);
        RunningRoutes routes = RunningRoutes.notStarted(lane);
        routes.context().addRoutesConfigurations(new RouteConfigurationBuilder() {
            @Override
            public void configuration() {
                // Named as ours would be, if there were one: no other applies to our routes.
                RouteConfigurationDefinition applied = routeConfiguration("rotation-own");
                applied.onException(Exception.class).handled(true);
                applied.onException(PlantedException.class).handled(true); // nearer than ours
            }
        });
        try (routes) {
            routes.start(new RotationRoutes(lane.settings()).outcomeHandler(outcome -> {}))
                    .awaitOpen();
            AdviceWith.adviceWith(routes.context(), route, advice -> advice.weaveById(".*" + step)
                    .before()
                    .process(exchange -> {
                        if (broken.get()) {
                            exchange.getMessage().setHeader(KafkaConstants.KAFKA_RECORD_META, List.of());
                            throw new PlantedException();
                        }
                    }));
            lane.request("S2-1");
            routes.await(() -> !api.generateRequests().isEmpty());
            assertThat(lane.lag()).isEqualTo(1);

            broken.set(false);
            routes.awaitCommitted();
        }

        assertThat(lane.lastKey("S2-1")).isEqualTo(api.truth().currentKey(COMPANY, "S2-1"));
        assertThat(api.truth().totalGenerations()).isEqualTo(1);
    }

    @ParameterizedTest
    @MethodSource
    @DisplayName(
            "I1, I2: no route configuration of a host repeats a call of ours, or takes a lost answer for anything else")
    void noRouteConfigurationOfAHostDealsWithOurErrors(Consumer<RouteConfigurationDefinition> hosts) throws Exception {
        api.idempotency(false);
        api.faults().failNext(Fault.reset().afterExecuting());
        try (RunningRoutes routes = hostWith(hosts)) {
            routes.start(new RotationRoutes(lane.settings())).awaitOpen();
            lane.request("S2-1");
            routes.awaitCommitted();
        }

        assertThat(api.truth().totalGenerations()).isEqualTo(1);
        assertThat(lane.lastKey("S2-1")).isEqualTo(api.truth().currentKey(COMPANY, "S2-1"));
    }

    private RunningRoutes hostWith(Consumer<RouteConfigurationDefinition> configuration) throws Exception {
        RunningRoutes routes = RunningRoutes.notStarted(lane);
        routes.context().addRoutesConfigurations(new RouteConfigurationBuilder() {
            @Override
            public void configuration() {
                configuration.accept(routeConfiguration());
            }
        });
        return routes;
    }

    static Stream<Consumer<RouteConfigurationDefinition>> noRouteConfigurationOfAHostDealsWithOurErrors() {
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
    @MethodSource("noRouteConfigurationOfAHostDealsWithOurErrors")
    @DisplayName("I1: no route configuration of a host keeps what cannot be done now from its retry topic")
    void whatCannotBeDoneNowIsDeferredWhateverRouteConfigurationAHostHas(Consumer<RouteConfigurationDefinition> hosts)
            throws Exception {
        api.faults().failAlways(Fault.status(503));
        lane.with("rotation.retry.delays", "PT1H");
        try (RunningRoutes routes = hostWith(hosts)) {
            routes.start(new RotationRoutes(lane.settings())).awaitOpen();
            lane.request("S2-1");
            routes.await(() -> !lane.records(lane.retryTopic()).isEmpty());
        }

        assertThat(lane.rotated()).isEmpty();
    }

    @Test
    @DisplayName("I2: a call is not repeated by the error handler of a host's context")
    void aCallIsNotRepeatedByTheErrorHandlerOfAHostsContext() {
        api.idempotency(false);
        api.faults().failNext(Fault.reset().afterExecuting());
        RunningRoutes routes = RunningRoutes.notStarted(lane);
        DefaultErrorHandlerBuilder repeating = new DefaultErrorHandlerBuilder();
        repeating.maximumRedeliveries(3).redeliveryDelay(0);
        routes.context().getCamelContextExtension().setErrorHandlerFactory(repeating);
        try (routes) {
            routes.start(new RotationRoutes(lane.settings())).awaitOpen();
            lane.request("S2-1");
            routes.awaitCommitted();
        }

        assertThat(api.truth().totalGenerations()).isEqualTo(1);
        assertThat(lane.lastKey("S2-1")).isEqualTo(api.truth().currentKey(COMPANY, "S2-1"));
    }

    @Test
    @DisplayName("I2: what a caller's error handler sends again through the first door is the same request")
    void whatACallersErrorHandlerSendsAgainIsTheSameRequest() throws Exception {
        AtomicBoolean lost = new AtomicBoolean(true);
        RunningRoutes routes = RunningRoutes.notStarted(lane);
        routes.context().addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                onException(Exception.class).maximumRedeliveries(1).redeliveryDelay(0);
                from("direct:ask").to(RotationRoutes.REQUEST_CLIENT_KEY_ROTATION);
            }
        });
        try (routes) {
            routes.start(new RotationRoutes(lane.settings())).awaitOpen();
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

        assertThat(lane.records(lane.requestsTopic())).hasSize(2);
        assertThat(lane.records(lane.requestsTopic()).stream()
                        .map(message -> TestTopics.read(message, RotationRequest.class))
                        .distinct())
                .hasSize(1);
    }

    @Test
    @DisplayName(
            "I1: the door throws where the request is not acknowledged, whatever error handler the host's context has")
    void theDoorThrowsWhereTheRequestIsNotAcknowledged() throws Exception {
        RunningRoutes routes = RunningRoutes.notStarted(lane);
        routes.context()
                .getCamelContextExtension()
                .setErrorHandlerFactory(new DeadLetterChannelBuilder("log:dead-letters"));
        try (routes) {
            routes.start(new RotationRoutes(lane.settings())).awaitOpen();
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
    @DisplayName("I1: an intake that was suspended, stopped and started goes on")
    void anIntakeThatWasSuspendedStoppedAndStartedGoesOn() throws Exception {
        try (RunningRoutes routes = lane.start()) {
            routes.context().getRouteController().suspendRoute(RunningRoutes.RECEIVE_REQUESTS);
            routes.context().getRouteController().stopRoute(RunningRoutes.RECEIVE_REQUESTS);
            routes.context().getRouteController().startRoute(RunningRoutes.RECEIVE_REQUESTS);

            lane.request("S2-1");
            routes.awaitCommitted();
        }

        assertThat(lane.rotated()).hasSize(1);
    }

    @Test
    @DisplayName("I1: an intake that was suspended goes on when it is resumed, and not before")
    void anIntakeThatWasSuspendedGoesOnWhenItIsResumed() throws Exception {
        try (RunningRoutes routes = lane.start()) {
            routes.context().getRouteController().suspendRoute(RunningRoutes.RECEIVE_REQUESTS);
            lane.request("S2-1");
            assertThat(api.requests()).isEmpty();

            routes.context().getRouteController().resumeRoute(RunningRoutes.RECEIVE_REQUESTS);
            routes.awaitCommitted();
        }

        assertThat(lane.rotated()).hasSize(1);
    }

    private static final class PlantedException extends RuntimeException {}
}
