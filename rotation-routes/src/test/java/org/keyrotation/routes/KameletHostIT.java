package org.keyrotation.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.keyrotation.routes.TestTopics.COMPANY;

import ch.qos.logback.classic.Level;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.Endpoint;
import org.apache.camel.Message;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.keyrotation.model.CredentialId;
import org.keyrotation.model.Json;
import org.keyrotation.model.RotationRequest;
import org.keyrotation.sandbox.Fault;
import org.keyrotation.sandbox.SandboxBroker;
import org.keyrotation.sandbox.SandboxExtension;
import org.keyrotation.sandbox.SimulatedManagementApi;
import org.keyrotation.sandbox.Topics;

/** Both Kamelets, in an application whose routes are YAML. */
@ExtendWith(SandboxExtension.class)
@Tag("embedding")
@Tag("kamelets")
@Execution(ExecutionMode.CONCURRENT)
class KameletHostIT {

    private static final String HEADING = "YAML and Kamelets";
    private static final String KAMELET = "camel.kamelet.rotate-client-key-action.";
    private static final String REQUEST = "{\"companyId\": \"AcmeCorp\", \"apiCredentialId\": \"S2-1\"}";
    private static final String ROTATE =
            """
            - route:
                from:
                  uri: direct:leaked
                  steps:
                    - to: kamelet:rotate-client-key-action
            """;

    private SandboxBroker broker;
    private SimulatedManagementApi api;
    private TestTopics lane;

    @BeforeEach
    void openALane(SandboxBroker shared, SimulatedManagementApi fresh) {
        broker = shared;
        api = fresh;
        api.addCredential(COMPANY, "S2-1");
        lane = TestTopics.of(shared, fresh);
    }

    @Tag("I3")
    @Test
    @DisplayName("I3, as the README shows it: the key that the API holds comes out of the other Kamelet")
    void whatOneKameletRotatesTheOtherReceives() throws Exception {
        try (YamlHost host = YamlHost.start(Readme.block(HEADING, "yaml"), readme())) {
            host.ask("direct:leaked", REQUEST);
            host.await(() -> !host.keys().isEmpty());

            Message key = host.keys().get(0);
            assertThat(json(key).path("clientKey").textValue())
                    .isEqualTo(api.truth().currentKey(COMPANY, "S2-1"));
            assertThat(key.getHeader("ce_subject")).isEqualTo("AcmeCorp/S2-1");
            assertThat(key.getHeader("ce_id"))
                    .isEqualTo(json(key).path("requestId").textValue());
            assertThat(host.alarms()).isEmpty();
        }
    }

    @Test
    @DisplayName("as the README shows it: a failure is told")
    void aFailureIsTold() throws Exception {
        try (YamlHost host = YamlHost.start(Readme.block(HEADING, "yaml"), readme())) {
            host.ask("direct:leaked", REQUEST.replace("S2-1", "S2-unknown"));

            assertThat(host.alarms()).hasSize(1);
            assertThat(json(host.alarms().get(0)).path("code").textValue()).isEqualTo("CREDENTIAL_NOT_FOUND");
            assertThat(lane.failed()).hasSize(1);
            assertThat(api.truth().totalGenerations()).isZero();
        }
    }

    @Test
    void itAnswersWithTheKeyAndTakesARequestAsAnObject() throws Exception {
        try (YamlHost host = YamlHost.start(ROTATE, properties(lane, KAMELET))) {
            Message answer = host.ask("direct:leaked", RotationRequest.of(new CredentialId(COMPANY, "S2-1")));

            assertThat(answer.getHeader("rotationOutcome")).isEqualTo("rotated");
            assertThat(json(answer).path("clientKey").textValue()).isEqualTo(lane.lastKey("S2-1"));
        }
    }

    @Test
    void aDeferredRequestThatIsNotPublishedIsMadeAgainByItsAnswer() throws Exception {
        api.faults().failNext(Fault.status(503).retryAfter(Duration.ofMinutes(10)));
        Map<String, String> properties = properties(lane, KAMELET);
        properties.put(KAMELET + "publish", "false");
        try (YamlHost host = YamlHost.start(ROTATE, properties)) {
            Message deferred = host.ask("direct:leaked", REQUEST);
            String request = json(deferred).path("request").toString();
            Message rotated = host.ask("direct:leaked", request);
            Message satisfied = host.ask("direct:leaked", request);

            assertThat(deferred.getHeader("rotationOutcome")).isEqualTo("deferred");
            assertThat(json(deferred).path("reason").textValue()).contains("503");
            assertThat(rotated.getHeader("rotationOutcome")).isEqualTo("rotated");
            assertThat(satisfied.getHeader("rotationOutcome")).isEqualTo("satisfied");
            assertThat(json(satisfied).has("lastRotationAt")).isTrue();
            assertThat(broker.topics().names()).doesNotContain(lane.keysTopic());
            assertThat(api.truth().totalGenerations()).isEqualTo(1);
        }
    }

    @Test
    void theCredentialAndTheBrokersCanBeProperties() throws Exception {
        Map<String, String> properties = properties(lane, KAMELET);
        properties.put(KAMELET + "companyId", COMPANY);
        properties.put(KAMELET + "apiCredentialId", "S2-1");
        properties.remove("camel.component.kafka.brokers");
        properties.put(KAMELET + "bootstrapServers", broker.bootstrapServers());
        try (YamlHost host = YamlHost.start(ROTATE, properties)) {
            Message answer = host.ask("direct:leaked", "no request");

            assertThat(json(answer).path("clientKey").textValue())
                    .isEqualTo(api.truth().currentKey(COMPANY, "S2-1"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ledgrTopic", "live.ledgrTopic"})
    void aPropertyThatIsMisspeltStopsTheStart(String name) {
        Map<String, String> properties = properties(lane, KAMELET);
        properties.put(KAMELET + name, "mine");

        assertThatThrownBy(() -> YamlHost.start(ROTATE, properties))
                .rootCause()
                .hasMessageStartingWith(KAMELET + name + ": there is no such property")
                .hasMessageContaining("ledgerTopic");
    }

    @Test
    void itsRouteCanBeStoppedAndStartedAgain() throws Exception {
        String yaml = ROTATE.replace("key-action", "key-action/again");
        try (YamlHost host = YamlHost.start(yaml, properties(lane, KAMELET))) {
            host.context().getRouteController().stopRoute("again");
            host.context().getRouteController().startRoute("again");

            assertThat(host.ask("direct:leaked", REQUEST).getHeader("rotationOutcome"))
                    .isEqualTo("rotated");
        }
    }

    @Test
    void aBodyThatIsNoRequestIsRefusedWithAWordOnWhatIsWrong() {
        try (YamlHost host = YamlHost.start(ROTATE, properties(lane, KAMELET))) {
            assertThatThrownBy(() -> host.ask("direct:leaked", "{\"companyId\": 42}"))
                    .rootCause()
                    .hasMessageContaining("companyId");
            assertThat(api.requests()).isEmpty();
        }
    }

    @Test
    void twoUsesDoNotMeet() throws Exception {
        try (SimulatedManagementApi liveApi = SimulatedManagementApi.start()) {
            liveApi.addCredential(COMPANY, "S2-1");
            TestTopics live = TestTopics.of(broker, liveApi);
            Map<String, String> properties = properties(lane, KAMELET + "test.");
            properties.putAll(properties(live, KAMELET + "live."));
            String yaml = ROTATE.replace("key-action", "key-action/test")
                    + ROTATE.replace("key-action", "key-action/live").replace("direct:leaked", "direct:live");
            try (YamlHost host = YamlHost.start(yaml, properties)) {
                host.ask("direct:leaked", REQUEST);
                host.ask("direct:live", REQUEST);

                assertThat(lane.lastKey("S2-1")).isEqualTo(api.truth().currentKey(COMPANY, "S2-1"));
                assertThat(live.lastKey("S2-1")).isEqualTo(liveApi.truth().currentKey(COMPANY, "S2-1"));
                assertThat(lane.rotated()).hasSize(1);
                assertThat(live.rotated()).hasSize(1);
                assertThat(host.context().getRoutes()).hasSize(4 + 2);
            }
        }
    }

    @Tag("I1")
    @Test
    @DisplayName("I1: a key whose route fails is delivered again")
    void aKeyWhoseRouteFailsIsDeliveredAgain() {
        AtomicInteger failures = new AtomicInteger(2);
        try (YamlHost host =
                YamlHost.start(Readme.block(HEADING, "yaml"), readme(), key -> failures.getAndDecrement() <= 0)) {
            host.ask("direct:leaked", REQUEST);

            host.await(() -> host.keys().size() == 3);
            assertThat(host.keys())
                    .extracting(Message::getBody)
                    .containsOnly(host.keys().get(0).getBody());
        }
    }

    @Tag("I1")
    @Test
    @DisplayName("I1: so it is beside a host's kafka component that is configured for other things")
    void aKeyIsReceivedBesideAKafkaComponentThatIsConfiguredForOtherThings() {
        AtomicInteger failures = new AtomicInteger(1);
        Map<String, String> properties = readme();
        String kafka = "camel.component.kafka.";
        properties.put(kafka + "group-id", Topics.uniqueName("hosts"));
        properties.put(kafka + "auto-offset-reset", "latest");
        properties.put(kafka + "break-on-first-error", "false");
        properties.put(kafka + "allow-manual-commit", "true");
        properties.put(kafka + "auto-commit-enable", "false");
        properties.put(kafka + "batching", "true");
        properties.put(kafka + "value-deserializer", ByteArrayDeserializer.class.getName());
        try (YamlHost host =
                YamlHost.start(Readme.block(HEADING, "yaml"), properties, key -> failures.getAndDecrement() <= 0)) {
            host.ask("direct:leaked", REQUEST);

            host.await(() -> host.keys().size() == 2);
            assertThat(host.keys())
                    .allSatisfy(key -> assertThat(json(key).path("clientKey").textValue())
                            .isEqualTo(api.truth().currentKey(COMPANY, "S2-1")));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "baseUrl, ftp://example.org, baseUrl: it is 'ftp://example.org'",
        "apiKey, '', apiKey: it is empty",
        "password, secret, apiKey: it is set beside a username or password",
        "companyId, AcmeCorp, apiCredentialId: it is missing",
        "keysTopic, no topic, keysTopic: it is 'no topic'",
        "publish, perhaps, publish: it is 'perhaps'"
    })
    void aPropertyThatCannotBeUsedStopsTheStartWithAWordOnWhatIsAllowed(String property, String value, String problem) {
        Map<String, String> properties = properties(lane, KAMELET);
        properties.put(KAMELET + property, value);
        assertThatThrownBy(() -> YamlHost.start(ROTATE, properties))
                .rootCause()
                .hasMessageContaining(problem)
                .hasMessageContaining("allowed");
    }

    @Test
    void withoutASignInItDoesNotStart() {
        Map<String, String> properties = properties(lane, KAMELET);
        properties.remove(KAMELET + "apiKey");
        assertThatThrownBy(() -> YamlHost.start(ROTATE, properties))
                .rootCause()
                .hasMessageStartingWith(
                        "apiKey: it is missing; allowed is an API key here, or both username and password");
    }

    @Test
    void withoutBrokersItDoesNotStart() {
        Map<String, String> properties = properties(lane, KAMELET);
        properties.remove("camel.component.kafka.brokers");
        assertThatThrownBy(() -> YamlHost.start(ROTATE, properties))
                .rootCause()
                .hasMessageStartingWith("bootstrapServers or camel.component.kafka.brokers: it is missing; allowed is");
    }

    @Tag("I6")
    @Test
    @DisplayName(
            "I6: no sign-in is in the URI of an endpoint, nor logged but by those whose logs the README tells to keep quiet")
    void noSignInIsShown() {
        Map<String, Level> levels = Map.of(
                "org.keyrotation", Level.TRACE,
                "org.apache.camel", Level.TRACE,
                "org.apache.camel.component.properties", Level.INFO,
                "org.apache.camel.main", Level.INFO,
                "org.apache.camel.impl.engine.DefaultCamelContextExtension", Level.INFO);
        try (RecordedLogs logs = RecordedLogs.at(levels);
                YamlHost host = YamlHost.start(Readme.block(HEADING, "yaml"), readme())) {
            host.ask("direct:leaked", REQUEST);

            assertThat(logs.lines()).anyMatch(line -> line.contains("apiKey = xxxxxx"));
            assertThat(logs.lines()).noneMatch(line -> line.contains(api.apiKey()));
            assertThat(host.context().getEndpoints())
                    .extracting(Endpoint::getEndpointUri)
                    .noneMatch(uri -> uri.contains(api.apiKey()));
        }
    }

    /** What the README shows, and the topics of the lane. */
    private Map<String, String> readme() {
        Map<String, String> properties = properties(lane, KAMELET);
        properties.putAll(Readme.properties(
                HEADING,
                Map.of("camel.component.kafka.brokers", broker.bootstrapServers(), KAMELET + "apiKey", api.apiKey())));
        properties.put("camel.kamelet.rotated-client-keys-source.topic", lane.keysTopic());
        return properties;
    }

    private static Map<String, String> properties(TestTopics lane, String prefix) {
        Map<String, String> properties = new TreeMap<>();
        properties.put("camel.component.kafka.brokers", lane.broker().bootstrapServers());
        properties.put(prefix + "baseUrl", lane.property("rotation.api.base-url"));
        properties.put(prefix + "apiKey", lane.property("rotation.api.key"));
        properties.put(prefix + "ledgerTopic", lane.ledgerTopic());
        properties.put(prefix + "keysTopic", lane.keysTopic());
        properties.put(prefix + "failuresTopic", lane.failuresTopic());
        properties.put(prefix + "requestsTopic", lane.requestsTopic());
        properties.put(prefix + "retryTopicPrefix", lane.property("rotation.topics.retry-prefix"));
        return properties;
    }

    private static JsonNode json(Message message) throws JsonProcessingException {
        return Json.mapper().readTree(message.getBody(String.class));
    }
}
