package org.keyrotation.routes;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.keyrotation.routes.TestTopics.COMPANY;

import ch.qos.logback.classic.Level;
import io.micrometer.core.instrument.Meter;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.apache.camel.CamelExecutionException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.keyrotation.model.CredentialId;
import org.keyrotation.model.FailureCode;
import org.keyrotation.model.RotationFailed;
import org.keyrotation.model.RotationRequest;
import org.keyrotation.routes.api.ApiHttpClient;
import org.keyrotation.sandbox.ApiOptions;
import org.keyrotation.sandbox.Fault;
import org.keyrotation.sandbox.Generation;
import org.keyrotation.sandbox.SandboxBroker;
import org.keyrotation.sandbox.SandboxExtension;
import org.keyrotation.sandbox.SimulatedManagementApi;

/** Every secret holds a canary. No output of the routes holds one, with Camel's loggers at TRACE. */
@ExtendWith(SandboxExtension.class)
class SecretsIT {

    private static final String API_KEY = "CANARY-api-key";
    private static final String USERNAME = "CANARY-username";
    private static final String PASSWORD = "CANARY-password";
    private static final String PROBLEM = "CANARY-problem";
    private static final String KEY_PREFIX = "CANARYclientkey_";

    private static final List<Fault> CALL_FAULTS = List.of(
            Fault.status(400).withSensitive(PROBLEM),
            Fault.status(401).withSensitive(PROBLEM),
            Fault.status(403).withSensitive(PROBLEM),
            Fault.status(404).withSensitive(PROBLEM),
            Fault.status(422).withSensitive(PROBLEM),
            Fault.status(429).retryAfter(Duration.ofSeconds(1)).withSensitive(PROBLEM),
            Fault.status(500).withSensitive(PROBLEM),
            Fault.badGateway(),
            Fault.redirect("http://127.0.0.1:1/" + PROBLEM),
            Fault.noContent(),
            Fault.notJson(),
            Fault.withoutClientKey().withSensitive(PROBLEM),
            Fault.clientKey(42),
            Fault.clientKey(KEY_PREFIX + " with spaces"),
            Fault.clientKey(List.of(KEY_PREFIX + "A")),
            Fault.clientKey(Map.of("clientKey", KEY_PREFIX + "B")),
            Fault.gateway(504).withSensitive(PROBLEM),
            Fault.truncated(),
            Fault.badChunk(),
            Fault.badHeader(),
            Fault.reset(),
            Fault.reset().afterExecuting(),
            Fault.hang());

    private static final List<Fault> READ_FAULTS =
            List.of(Fault.badChunk(), Fault.badHeader(), Fault.truncated(), Fault.notJson());

    private static final Set<FailureCode> FINAL_CODES = EnumSet.of(
            FailureCode.MALFORMED_REQUEST,
            FailureCode.CREDENTIAL_INACTIVE,
            FailureCode.CREDENTIAL_NOT_FOUND,
            FailureCode.FORBIDDEN,
            FailureCode.REJECTED);

    private final SimulatedManagementApi api = SimulatedManagementApi.start(ApiOptions.defaults()
            .withApiKey(API_KEY)
            .withLogin(USERNAME, PASSWORD)
            .withKeyPrefix(KEY_PREFIX));

    @AfterEach
    void closeTheApi() {
        api.close();
    }

    @ParameterizedTest
    @EnumSource
    @Tag("I6")
    void noSecretIsVisibleAnywhere(ApiHttpClient client, SandboxBroker broker) throws Exception {
        TestTopics topics = topicsWithCanaries(broker).with(client);
        List<String> seen = new ArrayList<>();

        try (RecordedLogs logs = RecordedLogs.at(traceLevels())) {
            try (RunningRoutes routes = startFromProperties(topics)) {
                requestAll(topics);
                seen.addAll(outcomeTexts(routes));
                routes.awaitFirstAttempts();
                routes.await(() -> failureCodes(topics)
                        .containsAll(FINAL_CODES)); // some wait until their company is not throttled any more
                seen.addAll(health(routes));
                seen.addAll(meters(routes));
                seen.addAll(jmx());
            }
            seen.addAll(logs.lines());
        }
        seen.addAll(texts(topics.records(topics.failuresTopic())));
        seen.addAll(texts(topics.records(topics.satisfiedTopic())));
        seen.addAll(texts(topics.records(topics.requestsTopic())));
        seen.addAll(texts(topics.records(topics.retryTopic())));
        seen.addAll(texts(topics.records(topics.ledgerTopic())));

        assertThat(traceLinesOf(seen)).as("log lines at TRACE").hasSizeGreaterThan(1000);
        assertThat(topics.records(topics.retryTopic())).isNotEmpty();
        assertThat(topics.records(topics.ledgerTopic())).isNotEmpty();
        assertThat(topics.records(topics.satisfiedTopic())).isNotEmpty();
        assertThat(seen).noneMatch(SecretsIT::holdsASecret);
        assertThat(topics.rotated()).isNotEmpty().allSatisfy(event -> assertThat(
                        api.truth().generations(event.companyId(), event.apiCredentialId()).stream()
                                .map(Generation::clientKey))
                .contains(event.clientKey().value()));
    }

    private static Set<FailureCode> failureCodes(TestTopics topics) {
        return topics.failed().stream().map(RotationFailed::code).collect(toSet());
    }

    private TestTopics topicsWithCanaries(SandboxBroker broker) {
        return TestTopics.of(broker)
                .with("rotation.api.base-url", api.baseUrl().toString())
                .with("rotation.api.response-timeout", "PT1S")
                .with("rotation.topics.partitions", "8")
                .with("rotation.api.key", API_KEY)
                .with("rotation.api.companies.OtherCorp.username", USERNAME)
                .with("rotation.api.companies.OtherCorp.password", PASSWORD)
                .with("rotation.api.companies.WrongCorp.username", USERNAME + "-wrong")
                .with("rotation.api.companies.WrongCorp.password", PASSWORD + "-wrong");
    }

    /** TRACE for our loggers, Camel's and those of Vert.x, except for those that the README warns of. */
    private static Map<String, Level> traceLevels() {
        Map<String, Level> levels = new HashMap<>();
        levels.put("org.keyrotation", Level.TRACE);
        levels.put("org.apache.camel", Level.TRACE);
        levels.put("io.vertx", Level.TRACE);
        levels.put("io.netty", Level.TRACE);
        levels.put("org.apache.camel.component.properties", Level.INFO);
        levels.put("org.apache.camel.main", Level.INFO);
        return levels;
    }

    /** Configures the routes by the properties of the context, as a host application does. */
    private static RunningRoutes startFromProperties(TestTopics topics) {
        RunningRoutes routes = RunningRoutes.unstarted(topics);
        Properties properties = new Properties();
        properties.putAll(topics.properties());
        routes.context().getPropertiesComponent().setInitialProperties(properties);
        return routes.start(new RotationRoutes()).awaitIntake();
    }

    private void requestAll(TestTopics topics) {
        IntStream.range(0, CALL_FAULTS.size()).forEach(i -> {
            String credential = "S2-" + i;
            api.addCredential(COMPANY, credential);
            Fault fault = CALL_FAULTS.get(i);
            api.faults().failNext(COMPANY, credential, fault, fault, fault, fault);
            topics.request(credential);
        });
        IntStream.range(0, READ_FAULTS.size()).forEach(i -> {
            String credential = "S2-read-" + i;
            api.addCredential(COMPANY, credential);
            Fault fault = READ_FAULTS.get(i);
            api.faults().failNextReads(COMPANY, credential, fault, fault, fault, fault);
            topics.request(credential);
        });
        api.addCredential(COMPANY, "S2-good");
        api.addCredential("OtherCorp", "S2-good");
        api.addCredential("WrongCorp", "S2-good");
        api.addCredential(COMPANY, "S2-inactive");
        api.setActive(COMPANY, "S2-inactive", false);
        topics.request("S2-inactive");
        topics.request("S2-good");
        topics.request("S2-good", "earlier", Instant.EPOCH);
        topics.send("{\"companyId\":\"OtherCorp\",\"apiCredentialId\":\"S2-good\"}".getBytes(UTF_8));
        topics.send("{\"companyId\":\"WrongCorp\",\"apiCredentialId\":\"S2-good\"}".getBytes(UTF_8));
        topics.send("no request".getBytes(UTF_8));
    }

    /** The texts of outcomes and exceptions that a caller of the direct endpoints gets. */
    private static List<String> outcomeTexts(RunningRoutes routes) {
        List<String> texts = new ArrayList<>();
        texts.add(routes.rotate(RotationRequest.of(new CredentialId(COMPANY, "S2-good")))
                .toString());
        texts.add(routes.rotate(RotationRequest.of(new CredentialId(COMPANY, "S2-0")))
                .toString());
        try {
            routes.template().requestBody(RotationRoutes.ROTATE_CLIENT_KEY, "no request");
        } catch (CamelExecutionException e) {
            texts.add(e + " " + e.getCause());
        }
        return texts;
    }

    private static List<String> health(RunningRoutes routes) {
        return Stream.of("rotation-topics", "rotation-api-authentication")
                .map(routes::health)
                .map(result -> result.getMessage() + " " + result.getError() + " " + result.getDetails())
                .toList();
    }

    private static List<String> meters(RunningRoutes routes) {
        return routes.meters().getMeters().stream()
                .map(Meter::getId)
                .map(Object::toString)
                .toList();
    }

    private static List<String> jmx() throws Exception {
        MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        List<String> attributes = new ArrayList<>();
        for (ObjectName name : server.queryNames(new ObjectName("org.apache.camel:*"), null)) {
            for (MBeanAttributeInfo attribute : server.getMBeanInfo(name).getAttributes()) {
                attributes.add(name + " " + server.getAttributes(name, new String[] {attribute.getName()}));
            }
        }
        return attributes;
    }

    private static List<String> texts(List<ConsumerRecord<byte[], byte[]>> records) {
        return records.stream()
                .map(message -> new String(message.value(), UTF_8)
                        + Stream.of(message.headers().toArray())
                                .map(header -> header.key() + new String(header.value(), UTF_8))
                                .collect(Collectors.joining()))
                .toList();
    }

    private static List<String> traceLinesOf(List<String> seen) {
        return seen.stream()
                .filter(line -> line.startsWith("TRACE org.apache.camel"))
                .toList();
    }

    private static boolean holdsASecret(String text) {
        return Stream.of(
                        "CANARY", base64(USERNAME + ":" + PASSWORD), base64(USERNAME + "-wrong:" + PASSWORD + "-wrong"))
                .anyMatch(text::contains);
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
    }
}
