package org.keyrotation.routes;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.keyrotation.routes.TestTopics.COMPANY;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelExecutionException;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.kafka.KafkaComponent;
import org.apache.camel.test.junit5.CamelTestSupport;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.keyrotation.model.CredentialId;
import org.keyrotation.model.FailureCode;
import org.keyrotation.model.RotationRequest;
import org.keyrotation.sandbox.Fault;
import org.keyrotation.sandbox.SimulatedManagementApi;

/** The two direct endpoints, called by a host application. */
@ExtendWith(TestTopicsExtension.class)
@Tag("embedding")
@Execution(ExecutionMode.CONCURRENT)
class DirectEndpointsIT extends CamelTestSupport {

    private static final RotationRequest REQUEST = RotationRequest.of(new CredentialId(COMPANY, "S2-1"));
    private static final RotationRequest OTHER = RotationRequest.of(new CredentialId(COMPANY, "S2-2"));

    private static final Map<String, Object> HOST_HEADERS =
            Map.of("host", "header", "CamelHttpUri", "http://127.0.0.1:1/", "Authorization", "evil");

    private final SimulatedManagementApi api;
    private final TestTopics topics;

    DirectEndpointsIT(SimulatedManagementApi api, TestTopics topics) {
        this.api = api;
        this.topics = topics;
        api.addCredential(COMPANY, "S2-2");
    }

    @Override
    protected CamelContext createCamelContext() throws Exception {
        CamelContext host = super.createCamelContext();
        host.getComponent("kafka", KafkaComponent.class)
                .getConfiguration()
                .setBrokers(topics.broker().bootstrapServers());
        return host;
    }

    @Override
    protected RoutesBuilder createRouteBuilder() {
        return new RotationRoutes(topics.settings());
    }

    @Test
    void requestIsProducedCompleteAndRotated() {
        Instant before = Instant.now();

        Exchange out = awaitIntake().request(RotationRoutes.REQUEST_CLIENT_KEY_ROTATION, hostExchange(REQUEST));

        RotationRequest sent = out.getMessage().getBody(RotationRequest.class);
        assertThat(sent.requestId()).isNotNull();
        assertThat(sent.requestedAt()).isBetween(before, Instant.now());
        assertThat(out.getMessage().getHeaders()).isEqualTo(HOST_HEADERS);
        assertThat(out.getProperties().keySet()).noneMatch(name -> name.startsWith("rotation."));
        ConsumerRecord<byte[], byte[]> message =
                topics.records(topics.requestsTopic()).get(0);
        assertThat(message.key()).asString(UTF_8).isEqualTo("AcmeCorp/S2-1");
        assertThat(message.headers()).extracting(Header::key).containsExactly("Content-Type");
        assertThat(RotationRequest.read(message.value())).isEqualTo(sent);
        await().atMost(TestTopics.TIMEOUT).until(() -> topics.rotated().size() == 1);
        assertThat(topics.rotated().get(0).requestId()).isEqualTo(sent.requestId());
    }

    @Test
    void givenRequestFieldsAreKept() {
        RotationRequest request = new RotationRequest(
                "mine", COMPANY, "S2-1", "leak", "alice", Instant.parse("2026-01-02T03:04:05Z"), true);

        RotationRequest sent =
                awaitIntake().requestBody(RotationRoutes.REQUEST_CLIENT_KEY_ROTATION, request, RotationRequest.class);

        assertThat(sent).isEqualTo(request);
    }

    @ParameterizedTest
    @ValueSource(strings = {RotationRoutes.REQUEST_CLIENT_KEY_ROTATION, RotationRoutes.ROTATE_CLIENT_KEY})
    void wrongBodyIsRejectedWithTheExpectedType(String endpoint) {
        assertThatThrownBy(() -> template().requestBody(endpoint, "{\"companyId\":\"AcmeCorp\"}"))
                .isInstanceOf(CamelExecutionException.class)
                .hasRootCauseInstanceOf(IllegalArgumentException.class)
                .rootCause()
                .hasMessageContaining(RotationRequest.class.getName());
        assertThat(api.requests()).isEmpty();
    }

    @Test
    @Tag("I3")
    void rotateReturnsThePublishedKey() {
        RotationOutcome outcome =
                awaitIntake().requestBody(RotationRoutes.ROTATE_CLIENT_KEY, REQUEST, RotationOutcome.class);

        assertThat(outcome).isInstanceOfSatisfying(RotationOutcome.Rotated.class, rotated -> {
            assertThat(topics.rotated()).containsExactly(rotated.event());
            assertThat(rotated.event().clientKey().value())
                    .isEqualTo(api.truth().currentKey(COMPANY, "S2-1"));
        });
    }

    @Test
    @Tag("I1")
    void rotateReturnsThePublishedSatisfactionAndThenNothingNew() {
        RotationRequest earlier = REQUEST.completed("earlier", Instant.now());
        RotationOutcome unused =
                awaitIntake().requestBody(RotationRoutes.ROTATE_CLIENT_KEY, REQUEST, RotationOutcome.class);

        RotationOutcome first = rotate(earlier);
        RotationOutcome again = rotate(earlier);

        assertThat(first)
                .isInstanceOfSatisfying(RotationOutcome.Satisfied.class, satisfied -> assertThat(topics.satisfied())
                        .containsExactly(satisfied.event()));
        assertThat(again)
                .isInstanceOfSatisfying(RotationOutcome.Satisfied.class, satisfied -> assertThat(satisfied.event())
                        .isNull());
        assertThat(topics.satisfied()).hasSize(1);
    }

    private RotationOutcome rotate(RotationRequest request) {
        return template().requestBody(RotationRoutes.ROTATE_CLIENT_KEY, request, RotationOutcome.class);
    }

    @Test
    void rotateReturnsThePublishedFailure() {
        api.faults().failNext(Fault.status(403));

        RotationOutcome outcome =
                awaitIntake().requestBody(RotationRoutes.ROTATE_CLIENT_KEY, REQUEST, RotationOutcome.class);

        assertThat(outcome).isInstanceOfSatisfying(RotationOutcome.Failed.class, failed -> {
            assertThat(topics.failed()).containsExactly(failed.event());
            assertThat(failed.event().code()).isEqualTo(FailureCode.FORBIDDEN);
            assertThat(failed.event().source()).isNull();
        });
    }

    @Test
    void rotationKeepsHeadersAndPropertiesOfTheCaller() {
        Exchange out = awaitIntake().request(RotationRoutes.ROTATE_CLIENT_KEY, hostExchange(REQUEST));

        assertThat(out.getMessage().getHeaders()).isEqualTo(HOST_HEADERS);
        assertThat(out.getProperties()).isEqualTo(Map.of("host", "property"));
    }

    @Test
    void retriedRotationKeepsHeadersAndPropertiesOfTheCaller() {
        api.faults().failNext(Fault.status(503).retryAfter(Duration.ofSeconds(1)));

        Exchange out = awaitIntake().request(RotationRoutes.ROTATE_CLIENT_KEY, hostExchange(REQUEST));

        assertThat(out.getMessage().getBody()).isInstanceOf(RotationOutcome.Rotated.class);
        assertThat(out.getMessage().getHeaders()).isEqualTo(HOST_HEADERS);
        assertThat(out.getProperties()).isEqualTo(Map.of("host", "property"));
    }

    @Test
    void deferredRotationKeepsHeadersAndPropertiesOfTheCaller() {
        api.faults().failAlways(Fault.status(429).retryAfter(Duration.ofMinutes(10)));

        Exchange out = awaitIntake().request(RotationRoutes.ROTATE_CLIENT_KEY, hostExchange(REQUEST));

        assertThat(out.getMessage().getBody()).isInstanceOf(RotationOutcome.Deferred.class);
        assertThat(out.getMessage().getHeaders()).isEqualTo(HOST_HEADERS);
        assertThat(out.getProperties()).isEqualTo(Map.of("host", "property"));
    }

    @Test
    @Tag("I2")
    void concurrentCallersOfOneCredentialShareOneRotation() {
        api.latency(Duration.ofMillis(50));
        awaitIntake();
        RotationRequest now = REQUEST.completed("one-for-all", Instant.now());
        List<RotationRequest> sameTime = IntStream.range(0, 6)
                .mapToObj(i -> RotationRequest.of(now.credential())
                        .completed("caller-" + i, requireNonNull(now.requestedAt())))
                .toList();

        sameTime.stream().map(this::rotating).toList().forEach(CompletableFuture::join);

        assertThat(api.truth().maxInFlightPerCredential()).isEqualTo(1);
        assertThat(topics.lastKey("S2-1")).isEqualTo(api.truth().currentKey(COMPANY, "S2-1"));
        assertThat(topics.rotated()).hasSize(1);
    }

    @Test
    void callersOfTwoCredentialsDoNotWaitForEachOther() {
        api.faults().failNext(COMPANY, "S2-1", Fault.hang());
        awaitIntake();

        CompletableFuture<?> stuck = rotating(REQUEST);
        await().atMost(TestTopics.TIMEOUT).until(() -> api.generateRequests().size() == 1);
        rotating(OTHER).join();

        assertThat(stuck).isNotDone();
        assertThat(topics.lastKey("S2-2")).isEqualTo(api.truth().currentKey(COMPANY, "S2-2"));
        stuck.join();
    }

    @ParameterizedTest
    @ValueSource(strings = {RotationRoutes.REQUEST_CLIENT_KEY_ROTATION, RotationRoutes.ROTATE_CLIENT_KEY})
    void callerContinuesOnItsOwnThread(String endpoint) throws Exception {
        AtomicReference<Thread> after = new AtomicReference<>();
        context().addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:host").to(endpoint).process(exchange -> after.set(Thread.currentThread()));
            }
        });

        awaitIntake().sendBody("direct:host", REQUEST);

        assertThat(after.get()).isSameAs(Thread.currentThread());
    }

    private static Processor hostExchange(RotationRequest request) {
        return exchange -> {
            exchange.getMessage().setBody(request);
            HOST_HEADERS.forEach(exchange.getMessage()::setHeader);
            exchange.setProperty("host", "property");
        };
    }

    private CompletableFuture<?> rotating(RotationRequest request) {
        return template().asyncRequestBody(RotationRoutes.ROTATE_CLIENT_KEY, request);
    }

    private ProducerTemplate awaitIntake() {
        await().atMost(TestTopics.TIMEOUT).until(() -> context()
                .getRouteController()
                .getRouteStatus(RunningRoutes.RECEIVE_REQUESTS)
                .isStarted());
        return template();
    }
}
