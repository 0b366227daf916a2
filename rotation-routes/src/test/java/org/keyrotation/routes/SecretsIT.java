package org.keyrotation.routes;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.keyrotation.routes.TestTopics.COMPANY;

import ch.qos.logback.classic.Level;
import io.micrometer.core.instrument.Meter;
import java.lang.management.ManagementFactory;
import java.time.Duration;
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
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.keyrotation.model.CredentialId;
import org.keyrotation.model.FailureCode;
import org.keyrotation.model.RotationFailed;
import org.keyrotation.model.RotationRequest;
import org.keyrotation.sandbox.ApiOptions;
import org.keyrotation.sandbox.Fault;
import org.keyrotation.sandbox.Generation;
import org.keyrotation.sandbox.SandboxBroker;
import org.keyrotation.sandbox.SandboxExtension;
import org.keyrotation.sandbox.SimulatedManagementApi;

/** Canaries in every secret, then looked for in everything that came out, with all that Camel logs at TRACE. */
@ExtendWith(SandboxExtension.class)
class SecretsIT {

    private static final String API_KEY = "CANARY-api-key";
    private static final String USERNAME = "CANARY-username";
    private static final String PASSWORD = "CANARY-password";
    private static final String IN_PROBLEMS = "CANARY-problem";
    private static final String KEYS_BEGIN_WITH = "CANARYclientkey_";

    private static final List<Fault> EVERYTHING_THAT_GOES_WRONG = List.of(
            Fault.status(400).withSensitive(IN_PROBLEMS),
            Fault.status(401).withSensitive(IN_PROBLEMS),
            Fault.status(403).withSensitive(IN_PROBLEMS),
            Fault.status(404).withSensitive(IN_PROBLEMS),
            Fault.status(422).withSensitive(IN_PROBLEMS),
            Fault.status(429).retryAfter(Duration.ofSeconds(1)).withSensitive(IN_PROBLEMS),
            Fault.status(500).withSensitive(IN_PROBLEMS),
            Fault.badGateway(),
            Fault.redirect("http://127.0.0.1:1/" + IN_PROBLEMS),
            Fault.noContent(),
            Fault.notJson(),
            Fault.withoutClientKey().withSensitive(IN_PROBLEMS),
            Fault.clientKey(42),
            Fault.clientKey(KEYS_BEGIN_WITH + " with spaces"),
            Fault.clientKey(List.of(KEYS_BEGIN_WITH + "A")),
            Fault.clientKey(Map.of("clientKey", KEYS_BEGIN_WITH + "B")),
            Fault.gateway(504).withSensitive(IN_PROBLEMS),
            Fault.truncated(),
            Fault.badChunk(),
            Fault.badHeader(),
            Fault.reset(),
            Fault.reset().afterExecuting(),
            Fault.hang());

    private static final List<Fault> EVERY_READ_THAT_GOES_WRONG =
            List.of(Fault.badChunk(), Fault.badHeader(), Fault.truncated(), Fault.notJson());

    private static final Set<FailureCode> DEFINITE = EnumSet.of(
            FailureCode.MALFORMED_REQUEST,
            FailureCode.CREDENTIAL_INACTIVE,
            FailureCode.CREDENTIAL_NOT_FOUND,
            FailureCode.FORBIDDEN,
            FailureCode.REJECTED);

    private final SimulatedManagementApi api = SimulatedManagementApi.start(ApiOptions.defaults()
            .withApiKey(API_KEY)
            .withLogin(USERNAME, PASSWORD)
            .withKeyPrefix(KEYS_BEGIN_WITH));

    @AfterEach
    void closeTheApi() {
        api.close();
    }

    @Test
    @DisplayName("I6: no secret is in any log line, exception, record, header, health answer, metric or JMX attribute")
    void noSecretIsAnywhere(SandboxBroker broker) throws Exception {
        TestTopics lane = lane(broker);
        List<String> seen = new ArrayList<>();

        try (RecordedLogs logs = RecordedLogs.at(everythingOfCamelAndOurs())) {
            try (RunningRoutes routes = startFromProperties(lane)) {
                requestEverything(lane);
                seen.addAll(exceptions(routes));
                routes.awaitTried();
                routes.await(() -> failures(lane).containsAll(DEFINITE)); // some wait for the company to have rested
                seen.addAll(health(routes));
                seen.addAll(meters(routes));
                seen.addAll(jmx());
            }
            seen.addAll(logs.lines());
        }
        seen.addAll(texts(lane.records(lane.failuresTopic())));
        seen.addAll(texts(lane.records(lane.requestsTopic())));
        seen.addAll(texts(lane.records(lane.retryTopic())));
        seen.addAll(texts(lane.records(lane.ledgerTopic())));

        assertThat(logLinesOf(seen)).as("what TRACE wrote").hasSizeGreaterThan(1000);
        assertThat(lane.records(lane.retryTopic())).isNotEmpty();
        assertThat(lane.records(lane.ledgerTopic())).isNotEmpty();
        assertThat(seen).noneMatch(SecretsIT::showsASecret);
        assertThat(lane.rotated()).isNotEmpty().allSatisfy(event -> assertThat(
                        api.truth().generations(event.companyId(), event.apiCredentialId()).stream()
                                .map(Generation::clientKey))
                .contains(event.clientKey().value()));
    }

    private static Set<FailureCode> failures(TestTopics lane) {
        return lane.failed().stream().map(RotationFailed::code).collect(toSet());
    }

    private TestTopics lane(SandboxBroker broker) {
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

    /** As the README tells: a few of Camel's loggers, and the HTTP client's, are not for TRACE. */
    private static Map<String, Level> everythingOfCamelAndOurs() {
        Map<String, Level> levels = new HashMap<>();
        levels.put("org.keyrotation", Level.TRACE);
        levels.put("org.apache.camel", Level.TRACE);
        levels.put("org.apache.camel.component.properties", Level.INFO);
        levels.put("org.apache.camel.main", Level.INFO);
        return levels;
    }

    /** As an application does, by the context's properties. */
    private static RunningRoutes startFromProperties(TestTopics lane) {
        RunningRoutes routes = RunningRoutes.notStarted(lane);
        Properties properties = new Properties();
        properties.putAll(lane.properties());
        routes.context().getPropertiesComponent().setInitialProperties(properties);
        return routes.start(new RotationRoutes()).awaitOpen();
    }

    private void requestEverything(TestTopics lane) {
        IntStream.range(0, EVERYTHING_THAT_GOES_WRONG.size()).forEach(i -> {
            String credential = "S2-" + i;
            api.addCredential(COMPANY, credential);
            Fault fault = EVERYTHING_THAT_GOES_WRONG.get(i);
            api.faults().failNext(COMPANY, credential, fault, fault, fault, fault);
            lane.request(credential);
        });
        IntStream.range(0, EVERY_READ_THAT_GOES_WRONG.size()).forEach(i -> {
            String credential = "S2-read-" + i;
            api.addCredential(COMPANY, credential);
            Fault fault = EVERY_READ_THAT_GOES_WRONG.get(i);
            api.faults().failNextReads(COMPANY, credential, fault, fault, fault, fault);
            lane.request(credential);
        });
        api.addCredential(COMPANY, "S2-good");
        api.addCredential("OtherCorp", "S2-good");
        api.addCredential("WrongCorp", "S2-good");
        api.addCredential(COMPANY, "S2-inactive");
        api.setActive(COMPANY, "S2-inactive", false);
        lane.request("S2-inactive");
        lane.request("S2-good");
        lane.send("{\"companyId\":\"OtherCorp\",\"apiCredentialId\":\"S2-good\"}".getBytes(UTF_8));
        lane.send("{\"companyId\":\"WrongCorp\",\"apiCredentialId\":\"S2-good\"}".getBytes(UTF_8));
        lane.send("no request".getBytes(UTF_8));
    }

    /** Of both doors, of what went well and what did not. */
    private static List<String> exceptions(RunningRoutes routes) {
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

    private static List<String> logLinesOf(List<String> seen) {
        return seen.stream()
                .filter(line -> line.startsWith("TRACE org.apache.camel"))
                .toList();
    }

    private static boolean showsASecret(String text) {
        return Stream.of(
                        "CANARY", base64(USERNAME + ":" + PASSWORD), base64(USERNAME + "-wrong:" + PASSWORD + "-wrong"))
                .anyMatch(text::contains);
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
    }
}
