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
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.junit.platform.commons.util.ExceptionUtils;
import org.keyrotation.model.CredentialId;
import org.keyrotation.model.Json;
import org.keyrotation.model.RotationRequest;
import org.keyrotation.sandbox.ApiOptions;
import org.keyrotation.sandbox.Fault;
import org.keyrotation.sandbox.SandboxBroker;
import org.keyrotation.sandbox.SimulatedManagementApi;
import org.keyrotation.sandbox.TopicClient;
import org.slf4j.Logger;

/** Both Kamelets in a host application whose routes are YAML. */
@ExtendWith(TestTopicsExtension.class)
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

    private final SandboxBroker broker;
    private final SimulatedManagementApi api;
    private final TestTopics topics;

    KameletHostIT(SandboxBroker broker, SimulatedManagementApi api, TestTopics topics) {
        this.broker = broker;
        this.api = api;
        this.topics = topics;
    }

    @Tag("I3")
    @Test
    void theSourceReceivesTheKeyOfTheActionAsTheReadmeShows() throws Exception {
        try (YamlHost host = YamlHost.start(Readme.block(HEADING, "yaml"), readme())) {
            host.request("direct:leaked", REQUEST);
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
    void failureReachesTheAlarmAsTheReadmeShows() throws Exception {
        try (YamlHost host = YamlHost.start(Readme.block(HEADING, "yaml"), readme())) {
            host.request("direct:leaked", REQUEST.replace("S2-1", "S2-unknown"));

            assertThat(host.alarms()).hasSize(1);
            assertThat(json(host.alarms().get(0)).path("code").textValue()).isEqualTo("CREDENTIAL_NOT_FOUND");
            assertThat(topics.failed()).hasSize(1);
            assertThat(api.truth().totalGenerations()).isZero();
        }
    }

    @Test
    void returnsTheKeyAndAcceptsARequestObject() throws Exception {
        try (YamlHost host = YamlHost.start(ROTATE, properties(topics, KAMELET))) {
            Message reply = host.request("direct:leaked", RotationRequest.of(new CredentialId(COMPANY, "S2-1")));

            assertThat(reply.getHeader("rotationOutcome")).isEqualTo("rotated");
            assertThat(json(reply).path("clientKey").textValue()).isEqualTo(topics.lastKey("S2-1"));
        }
    }

    @Test
    void deferredRequestCanBeSentAgainFromTheBody() throws Exception {
        api.faults().failNext(Fault.status(503).retryAfter(Duration.ofMinutes(10)));
        Map<String, String> properties = properties(topics, KAMELET);
        properties.put(KAMELET + "publish", "false");
        try (YamlHost host = YamlHost.start(ROTATE, properties)) {
            Message deferred = host.request("direct:leaked", REQUEST);
            String request = json(deferred).path("request").toString();
            Message rotated = host.request("direct:leaked", request);
            Message satisfied = host.request("direct:leaked", request);

            assertThat(deferred.getHeader("rotationOutcome")).isEqualTo("deferred");
            assertThat(json(deferred).path("reason").textValue()).contains("503");
            assertThat(rotated.getHeader("rotationOutcome")).isEqualTo("rotated");
            assertThat(satisfied.getHeader("rotationOutcome")).isEqualTo("satisfied");
            assertThat(json(satisfied).has("lastRotationAt")).isTrue();
            assertThat(broker.topics().names()).doesNotContain(topics.keysTopic());
            assertThat(api.truth().totalGenerations()).isEqualTo(1);
        }
    }

    @Test
    void credentialAndBrokersCanBeProperties() throws Exception {
        Map<String, String> properties = properties(topics, KAMELET);
        properties.put(KAMELET + "companyId", COMPANY);
        properties.put(KAMELET + "apiCredentialId", "S2-1");
        properties.remove("camel.component.kafka.brokers");
        properties.put(KAMELET + "bootstrapServers", broker.bootstrapServers());
        try (YamlHost host = YamlHost.start(ROTATE, properties)) {
            Message reply = host.request("direct:leaked", "no request");

            assertThat(json(reply).path("clientKey").textValue())
                    .isEqualTo(api.truth().currentKey(COMPANY, "S2-1"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ledgrTopic", "live.ledgrTopic", "ledgerTopic\u200b"})
    void misspeltPropertyStopsTheStart(String name) {
        Map<String, String> properties = properties(topics, KAMELET);
        properties.put(KAMELET + name, "mine");

        assertThatThrownBy(() -> YamlHost.start(ROTATE, properties))
                .rootCause()
                .hasMessageStartingWith(KAMELET + name.replace("\u200b", "<U+200B>") + ": unknown property")
                .hasMessageContaining("ledgerTopic");
    }

    @Test
    @Tag("I6")
    void apiKeyWithUnescapedBracesIsReportedWithoutAnyPartOfIt() {
        Map<String, String> properties = properties(topics, KAMELET);
        properties.put(KAMELET + "apiKey", "AQEyhm{{CANARY");

        assertThatThrownBy(() -> YamlHost.start(ROTATE, properties))
                .hasStackTraceContaining("apiKey: unresolvable placeholder")
                .satisfies(e -> assertThat(ExceptionUtils.readStackTrace(e)).doesNotContain("CANARY"));
    }

    @Test
    void routeCanBeRestarted() throws Exception {
        String yaml = ROTATE.replace("key-action", "key-action/again");
        try (YamlHost host = YamlHost.start(yaml, properties(topics, KAMELET))) {
            host.context().getRouteController().stopRoute("again");
            host.context().getRouteController().startRoute("again");

            assertThat(host.request("direct:leaked", REQUEST).getHeader("rotationOutcome"))
                    .isEqualTo("rotated");
        }
    }

    @Test
    void invalidBodyIsRefusedWithAReason() {
        try (YamlHost host = YamlHost.start(ROTATE, properties(topics, KAMELET))) {
            assertThatThrownBy(() -> host.request("direct:leaked", "{\"companyId\": 42}"))
                    .rootCause()
                    .hasMessageContaining("companyId");
            assertThat(api.requests()).isEmpty();
        }
    }

    @Test
    void twoUsesDoNotInterfere() throws Exception {
        try (SimulatedManagementApi liveApi = SimulatedManagementApi.start()) {
            liveApi.addCredential(COMPANY, "S2-1");
            TestTopics live = TestTopics.of(broker, liveApi);
            Map<String, String> properties = properties(topics, KAMELET + "test.");
            properties.putAll(properties(live, KAMELET + "live."));
            String yaml = ROTATE.replace("key-action", "key-action/test")
                    + ROTATE.replace("key-action", "key-action/live").replace("direct:leaked", "direct:live");
            try (YamlHost host = YamlHost.start(yaml, properties)) {
                host.request("direct:leaked", REQUEST);
                host.request("direct:live", REQUEST);

                assertThat(topics.lastKey("S2-1")).isEqualTo(api.truth().currentKey(COMPANY, "S2-1"));
                assertThat(live.lastKey("S2-1")).isEqualTo(liveApi.truth().currentKey(COMPANY, "S2-1"));
                assertThat(topics.rotated()).hasSize(1);
                assertThat(live.rotated()).hasSize(1);
                assertThat(host.context().getRoutes()).hasSize(4 + 2);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"#{x}?a=b&c%20d+e$", "#bean:{x}?a=b", "RAW(a b)", "${body}\\n'\"<", "%7B,;|"})
    void passwordOfAllCharactersReachesTheApi(String password) {
        try (SimulatedManagementApi other =
                SimulatedManagementApi.start(ApiOptions.defaults().withLogin("ws_1@Company.A", password))) {
            other.addCredential(COMPANY, "S2-1");
            Map<String, String> properties = properties(topics, KAMELET);
            properties.remove(KAMELET + "apiKey");
            properties.put(KAMELET + "baseUrl", other.baseUrl().toString());
            properties.put(KAMELET + "username", "ws_1@Company.A");
            properties.put(KAMELET + "password", password);
            try (YamlHost host = YamlHost.start(ROTATE, properties)) {
                assertThat(host.request("direct:leaked", REQUEST).getHeader("rotationOutcome"))
                        .isEqualTo("rotated");
            }
        }
    }

    @Test
    void consumerGroupMayHoldOtherCharactersThanLetters() {
        Map<String, String> properties = readme();
        String group = TopicClient.uniqueName("shop:1/a b@#");
        String yaml = Readme.block(HEADING, "yaml").replace("consumerGroup: shop", "consumerGroup: '" + group + "'");
        try (YamlHost host = YamlHost.start(yaml, properties)) {
            host.request("direct:leaked", REQUEST);

            host.await(() -> !host.keys().isEmpty());
            assertThat(broker.topics().activeMembers(group)).isEqualTo(1);
        }
    }

    @Tag("I1")
    @Test
    void keyIsDeliveredAgainAfterItsRouteFailed() {
        AtomicInteger failures = new AtomicInteger(2);
        try (YamlHost host =
                YamlHost.start(Readme.block(HEADING, "yaml"), readme(), key -> failures.getAndDecrement() <= 0)) {
            host.request("direct:leaked", REQUEST);

            host.await(() -> host.keys().size() == 3);
            assertThat(host.keys())
                    .extracting(Message::getBody)
                    .containsOnly(host.keys().get(0).getBody());
        }
    }

    @Tag("I1")
    @Test
    void keyIsDeliveredAgainWhateverTheKafkaConfigurationOfTheHost() {
        AtomicInteger failures = new AtomicInteger(1);
        Map<String, String> properties = readme();
        String kafka = "camel.component.kafka.";
        properties.put(kafka + "group-id", TopicClient.uniqueName("hosts"));
        properties.put(kafka + "auto-offset-reset", "latest");
        properties.put(kafka + "break-on-first-error", "false");
        properties.put(kafka + "allow-manual-commit", "true");
        properties.put(kafka + "auto-commit-enable", "false");
        properties.put(kafka + "batching", "true");
        properties.put(kafka + "value-deserializer", ByteArrayDeserializer.class.getName());
        try (YamlHost host =
                YamlHost.start(Readme.block(HEADING, "yaml"), properties, key -> failures.getAndDecrement() <= 0)) {
            host.request("direct:leaked", REQUEST);

            host.await(() -> host.keys().size() == 2);
            assertThat(host.keys())
                    .allSatisfy(key -> assertThat(json(key).path("clientKey").textValue())
                            .isEqualTo(api.truth().currentKey(COMPANY, "S2-1")));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "baseUrl, ftp://example.org, baseUrl: invalid value 'ftp://example.org'",
        "apiKey, '', apiKey: empty",
        "password, secret, apiKey: set together with a username or password",
        "keysTopic, no topic, keysTopic: invalid value 'no topic'",
        "publish, perhaps, publish: invalid value 'perhaps'"
    })
    void invalidPropertyStopsTheStartWithTheExpectedValue(String property, String value, String problem) {
        Map<String, String> properties = properties(topics, KAMELET);
        properties.put(KAMELET + property, value);
        assertThatThrownBy(() -> YamlHost.start(ROTATE, properties))
                .rootCause()
                .hasMessageContaining(problem)
                .hasMessageContaining("expected");
    }

    @Test
    void companyWithoutCredentialStopsTheStart() {
        Map<String, String> properties = properties(topics, KAMELET);
        properties.put(KAMELET + "companyId", COMPANY);
        assertThatThrownBy(() -> YamlHost.start(ROTATE, properties))
                .rootCause()
                .hasMessage("apiCredentialId: missing, expected both companyId and apiCredentialId, or neither");
    }

    @Test
    void missingApiAuthenticationStopsTheStart() {
        Map<String, String> properties = properties(topics, KAMELET);
        properties.remove(KAMELET + "apiKey");
        assertThatThrownBy(() -> YamlHost.start(ROTATE, properties))
                .rootCause()
                .hasMessageStartingWith("apiKey: missing, expected an API key here, or both username and password");
    }

    @Test
    void missingBrokersStopTheStart() {
        Map<String, String> properties = properties(topics, KAMELET);
        properties.remove("camel.component.kafka.brokers");
        assertThatThrownBy(() -> YamlHost.start(ROTATE, properties))
                .rootCause()
                .hasMessageStartingWith("bootstrapServers or camel.component.kafka.brokers: missing, expected");
    }

    /** With every logger at TRACE, but for Camel Main's and the HTTP client's own, which the README turns off. */
    @Tag("I6")
    @Test
    void apiKeyIsInNoEndpointUriAndInNoLogThatTheReadmeAllows() {
        Map<String, Level> levels = Map.of(
                Logger.ROOT_LOGGER_NAME,
                Level.TRACE,
                "org.keyrotation",
                Level.TRACE,
                "org.apache.camel",
                Level.TRACE,
                "org.apache.camel.main",
                Level.INFO,
                "org.apache.hc.client5.http.wire",
                Level.OFF,
                "org.apache.hc.client5.http.headers",
                Level.OFF);
        try (RecordedLogs logs = RecordedLogs.at(levels);
                YamlHost host = YamlHost.start(Readme.block(HEADING, "yaml"), readme())) {
            host.request("direct:leaked", REQUEST);

            assertThat(logs.lines()).anyMatch(line -> line.startsWith("TRACE org.apache.camel.component.properties"));
            assertThat(logs.lines()).noneMatch(line -> line.contains(api.apiKey()));
            assertThat(host.context().getEndpoints())
                    .extracting(Endpoint::getEndpointUri)
                    .noneMatch(uri -> uri.contains(api.apiKey()));
        }
    }

    @Test
    void resultOfAPropertyFunctionIsLiteral() throws Exception {
        String apiKey = "a{{?b}}c#$%[d]\\e";
        try (SimulatedManagementApi other =
                SimulatedManagementApi.start(ApiOptions.defaults().withApiKey(apiKey))) {
            other.addCredential(COMPANY, "S2-1");
            Map<String, String> properties = properties(TestTopics.of(broker, other), KAMELET);
            properties.put(KAMELET + "apiKey", "{{sys:key.of." + topics.group() + "}}\n");
            System.setProperty("key.of." + topics.group(), apiKey);
            try (YamlHost host = YamlHost.start(ROTATE, properties)) {
                assertThat(host.request("direct:leaked", REQUEST).getHeader("rotationOutcome"))
                        .isEqualTo("rotated");
            }
        }
    }

    /** Returns the properties that the README shows, with the topics of the test. */
    private Map<String, String> readme() {
        Map<String, String> properties = properties(topics, KAMELET);
        properties.putAll(Readme.properties(
                HEADING,
                Map.of("camel.component.kafka.brokers", broker.bootstrapServers(), KAMELET + "apiKey", api.apiKey())));
        properties.put("camel.kamelet.rotated-client-keys-source.topic", topics.keysTopic());
        // by default, when it works: five minutes later
        properties.put("camel.kamelet.rotated-client-keys-source.deliver", "at-once");
        return properties;
    }

    private static Map<String, String> properties(TestTopics topics, String prefix) {
        Map<String, String> properties = new TreeMap<>();
        properties.put("camel.component.kafka.brokers", topics.broker().bootstrapServers());
        properties.put(prefix + "baseUrl", topics.property("rotation.api.base-url"));
        properties.put(prefix + "apiKey", topics.property("rotation.api.key"));
        properties.put(prefix + "ledgerTopic", topics.ledgerTopic());
        properties.put(prefix + "keysTopic", topics.keysTopic());
        properties.put(prefix + "failuresTopic", topics.failuresTopic());
        properties.put(prefix + "satisfiedTopic", topics.satisfiedTopic());
        properties.put(prefix + "requestsTopic", topics.requestsTopic());
        properties.put(prefix + "retryTopicPrefix", topics.property("rotation.topics.retry-prefix"));
        return properties;
    }

    private static JsonNode json(Message message) throws JsonProcessingException {
        return Json.mapper().readTree(message.getBody(String.class));
    }
}
