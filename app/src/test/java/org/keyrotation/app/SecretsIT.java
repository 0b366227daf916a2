package org.keyrotation.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.keyrotation.model.CredentialId;
import org.keyrotation.routes.api.ApiHttpClient;
import org.keyrotation.sandbox.ApiOptions;
import org.keyrotation.sandbox.ApiUser;
import org.keyrotation.sandbox.Fault;
import org.keyrotation.sandbox.Generation;
import org.keyrotation.sandbox.SandboxBroker;
import org.keyrotation.sandbox.SandboxExtension;
import org.keyrotation.sandbox.SimulatedManagementApi;
import org.keyrotation.sandbox.TopicClient;

/** I6: every secret is a canary, and none of them appears at log level TRACE. */
@ExtendWith(SandboxExtension.class)
@Execution(ExecutionMode.CONCURRENT)
class SecretsIT {

    private static final String KAFKA_PASSWORD = "CANARY-kafka-password";
    private static final String SENSITIVE = "CANARY-of-a-problem";
    private static final String INVALID_KEY = "CANARY of an invalid client key";

    private final Path directory;
    private SandboxBroker broker;

    SecretsIT(@TempDir Path directory) {
        this.directory = directory;
    }

    @BeforeEach
    void setUp(SandboxBroker shared) {
        broker = shared;
    }

    /** The source of a test's secrets. */
    enum Source {
        ENVIRONMENT,
        SYSTEM_PROPERTY,
        FILE,
        /** A file for each secret, as a container has them. */
        MOUNTED_FILES
    }

    @Tag("I6")
    @ParameterizedTest
    @EnumSource
    void apiKeyFromAnySourceAppearsNowhere(Source source) throws Exception {
        ApiOptions options = ApiOptions.defaults().withApiKey("CANARY-key").withKeyPrefix("CANARY_client_key_");
        Map<String, String> secrets = Map.of("rotation.api.key", "CANARY-key");
        rotateAndFail(source, options, secrets, List.of("CANARY-key"));
    }

    @Tag("I6")
    @ParameterizedTest
    @EnumSource
    void usernameAndPasswordFromAnySourceAppearNowhere(Source source) throws Exception {
        ApiOptions options = ApiOptions.defaults()
                .withLogin("CANARY-user@Company.Acme", "CANARY-password")
                .withKeyPrefix("CANARY_client_key_");
        Map<String, String> secrets =
                Map.of("rotation.api.username", "CANARY-user@Company.Acme", "rotation.api.password", "CANARY-password");
        rotateAndFail(
                source,
                options,
                secrets,
                List.of(
                        "CANARY-password",
                        base64("CANARY-password"),
                        base64("CANARY-user@Company.Acme:CANARY-password")));
    }

    private void rotateAndFail(Source source, ApiOptions options, Map<String, String> secrets, List<String> canaries)
            throws Exception {
        try (SimulatedManagementApi api = SimulatedManagementApi.start(options)) {
            AppFixture fixture = new AppFixture(broker, api);
            api.faults().failNext(fixture.company, "S2-2", Fault.status(422).withSensitive(SENSITIVE));
            try (AppProcess app = launch(fixture, source, secrets).start()) {
                app.awaitReady();
                fixture.request(fixture.credential(1));
                fixture.request(fixture.credential(2));
                fixture.awaitAllCommitted();
                Observations observations = observe(fixture, app);
                assertThat(fixture.keyEvents()).hasSize(1);
                assertThat(fixture.failureEvents()).hasSize(1);
                observations.assertWithout(canaries);
                observations.assertWithout(List.of("CANARY_client_key_", SENSITIVE, KAFKA_PASSWORD));
            }
        }
    }

    @Tag("I6")
    @ParameterizedTest
    @EnumSource
    void noFailureRevealsASecret(ApiHttpClient client) throws Exception {
        ApiOptions options = ApiOptions.defaults().withApiKey("CANARY-key").withKeyPrefix("CANARY_client_key_");
        try (SimulatedManagementApi api = SimulatedManagementApi.start(options)) {
            AppFixture fixture = new AppFixture(broker, api);
            List<Fault> faults = faults();
            for (int i = 0; i < faults.size(); i++) {
                Fault fault = faults.get(i);
                api.faults().failNext(fixture.company, "S2-" + (i + 1), fault, fault, fault, fault);
            }
            CredentialId badChunk = fixture.credential(faults.size() + 1);
            CredentialId badHeader = fixture.credential(faults.size() + 2);
            failReads(api, badChunk, Fault.badChunk());
            failReads(api, badHeader, Fault.badHeader());
            CredentialId recovered = credentialOfACompanyThatIsNotThrottled(api);
            AppProcess.Launch launch = launch(fixture, Source.ENVIRONMENT, Map.of("rotation.api.key", "CANARY-key"))
                    .property("rotation.topics.partitions", 16)
                    .property("rotation.retry.delays", "PT1H")
                    .property("rotation.api.http-client", client.component())
                    .property("rotation.api.response-timeout", "PT2S");
            try (AppProcess app = launch.start()) {
                app.awaitReady();
                for (CredentialId credential : fixture.credentials(faults.size() + 2)) {
                    fixture.request(credential);
                }
                fixture.request(recovered);
                fixture.send("anything", "{\"companyId\":\"a\",\"companyId\":1}");
                fixture.awaitAllCommitted();
                Observations observations = observe(fixture, app);
                int deferred =
                        broker.topics().readAll(fixture.retryPrefix + ".1").size();
                assertThat(fixture.keyEvents().size() + fixture.failureEvents().size() + deferred)
                        .isEqualTo(faults.size() + 4);
                assertThat(fixture.keyEvents())
                        .anySatisfy(key -> assertThat(key.credential()).isEqualTo(recovered));
                assertThat(fixture.failureEvents()).isNotEmpty();
                assertThat(deferred).isGreaterThan(5);
                observations.assertWithout(
                        List.of("CANARY-key", "CANARY_client_key_", SENSITIVE, INVALID_KEY, KAFKA_PASSWORD));
            }
        }
    }

    /** Its first answer is lost. A 429 to the company of the other faults cannot defer it. */
    private static CredentialId credentialOfACompanyThatIsNotThrottled(SimulatedManagementApi api) {
        CredentialId credential = new CredentialId(TopicClient.uniqueName("Unthrottled"), "S2-1");
        api.addCredential(credential.companyId(), credential.apiCredentialId());
        api.faults()
                .failNext(
                        credential.companyId(),
                        credential.apiCredentialId(),
                        Fault.reset().afterExecuting());
        return credential;
    }

    private static void failReads(SimulatedManagementApi api, CredentialId credential, Fault fault) {
        api.faults().failNextReads(credential.companyId(), credential.apiCredentialId(), fault, fault, fault, fault);
    }

    private static List<Fault> faults() {
        return List.of(
                Fault.status(400).withSensitive(SENSITIVE),
                Fault.status(401).withSensitive(SENSITIVE),
                Fault.status(403).withSensitive(SENSITIVE),
                Fault.status(404).withSensitive(SENSITIVE),
                Fault.status(500).withSensitive(SENSITIVE),
                Fault.status(429).retryAfter(Duration.ofSeconds(1)),
                Fault.idempotencyStoreDown(),
                Fault.inProgress(),
                Fault.badGateway(),
                Fault.gateway(504).withSensitive(SENSITIVE),
                Fault.redirect("http://127.0.0.1:1/"),
                Fault.noContent(),
                Fault.notJson(),
                Fault.withoutClientKey(),
                Fault.clientKey(INVALID_KEY),
                Fault.clientKey(List.of(INVALID_KEY)),
                Fault.truncated(),
                Fault.badChunk(),
                Fault.badHeader(),
                Fault.hang(),
                Fault.reset(),
                Fault.reset().afterExecuting());
    }

    @Tag("I6")
    @ParameterizedTest
    @EnumSource
    void wrongConfigurationRevealsNoSecret(Source source) throws Exception {
        String key = "CANARY-key\u0007";
        Map<String, String> secrets = new LinkedHashMap<>();
        secrets.put("rotation.api.key", key);
        secrets.put("rotation.api.password", "CANARY-password");
        secrets.put("camel.component.kafka.sasl-jaas-confg", KAFKA_PASSWORD);
        for (String omitted : List.of("none", "camel.component.kafka.sasl-jaas-confg")) {
            Map<String, String> some = new LinkedHashMap<>(secrets);
            some.remove(omitted);
            try (AppProcess app = set(source, some, AppProcess.packaged())
                    .property("camel.component.kafka.brokers", "127.0.0.1:1")
                    .property("rotation.log.level", "TRACE")
                    .start()) {
                assertThat(app.exit()).isEqualTo(2);
                assertThat(app.output()).contains("Wrong configuration").doesNotContain("CANARY");
            }
        }
    }

    @Tag("I6")
    @Test
    void authenticationOfACompanyAndItsBase64AppearNowhere(SimulatedManagementApi api) throws Exception {
        AppFixture fixture = new AppFixture(broker, api);
        ApiUser user = api.addUser(fixture.company);
        Map<String, String> secrets = Map.of(
                "rotation.api.key",
                api.apiKey(),
                "rotation.api.companies." + fixture.company + ".username",
                user.username(),
                "rotation.api.companies." + fixture.company + ".password",
                user.password());
        try (AppProcess app = launch(fixture, Source.FILE, secrets).start()) {
            app.awaitReady();
            fixture.request(fixture.credential(1));
            fixture.awaitAllCommitted();
            Observations observations = observe(fixture, app);
            List<Generation> generations = api.truth().generations(fixture.company, "S2-1");
            assertThat(generations).hasSize(1);
            observations.assertWithout(List.of(
                    api.apiKey(),
                    user.password(),
                    base64(user.password()),
                    base64(user.username() + ":" + user.password()),
                    generations.get(0).clientKey(),
                    KAFKA_PASSWORD));
        }
    }

    /** Sets a Kafka password in each property that Camel has for one. PLAINTEXT uses none of them. */
    private AppProcess.Launch launch(AppFixture fixture, Source source, Map<String, String> secrets)
            throws IOException {
        Map<String, String> all = new LinkedHashMap<>(secrets);
        all.put(
                "camel.component.kafka.sasl-jaas-config",
                "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"u\" password=\""
                        + KAFKA_PASSWORD + "\";");
        all.put("camel.component.kafka.ssl-key-password", KAFKA_PASSWORD);
        all.put("camel.component.kafka.ssl-keystore-password", KAFKA_PASSWORD);
        all.put("camel.component.kafka.ssl-truststore-password", KAFKA_PASSWORD);
        return set(source, all, fixture.launchWithTopics())
                .property("camel.component.kafka.brokers", broker.bootstrapServers())
                .property("camel.management.port", fixture.management().port())
                .property("rotation.log.level", "TRACE");
    }

    private AppProcess.Launch set(Source source, Map<String, String> secrets, AppProcess.Launch launch)
            throws IOException {
        return switch (source) {
            case SYSTEM_PROPERTY -> launch.properties(secrets);
            case ENVIRONMENT -> {
                secrets.forEach((name, value) -> launch.environment(AppProcess.variable(name), value));
                yield launch;
            }
            case FILE -> {
                String lines = secrets.entrySet().stream()
                        .map(each -> each.getKey() + "=" + each.getValue() + "\n")
                        .collect(Collectors.joining());
                yield launch.arguments("--config", Files.writeString(directory.resolve("secrets"), lines));
            }
            case MOUNTED_FILES -> {
                Map<String, String> references = new LinkedHashMap<>();
                for (Map.Entry<String, String> secret : secrets.entrySet()) {
                    String name = secret.getKey();
                    Path file = Files.writeString(directory.resolve(name), secret.getValue() + "\n");
                    boolean isOfTheApi = name.startsWith("rotation.api.");
                    references.put(
                            isOfTheApi ? name + "-file" : name, isOfTheApi ? file.toString() : "{{file:" + file + "}}");
                }
                yield set(Source.FILE, references, launch);
            }
        };
    }

    /** Reads all output, then stops the app: its last lines count, too. */
    private Observations observe(AppFixture fixture, AppProcess app) throws Exception {
        Map<String, String> places = new LinkedHashMap<>();
        for (String path : List.of("/health", "/health/live", "/health/ready", "/metrics")) {
            places.put(path, fixture.management().get(path).body());
        }
        assertThat(app.terminate()).isIn(0, 143);
        assertThat(app.lines()).anyMatch(line -> line.contains(" TRACE "));
        app.lines().forEach(line -> places.put(line, line));
        app.errors().forEach(line -> places.put(line, line));
        for (String topic : List.of(
                fixture.requests, fixture.failures, fixture.satisfied, fixture.ledger, fixture.retryPrefix + ".1")) {
            places.put(
                    topic,
                    broker.topics().readAll(topic).stream()
                            .map(SecretsIT::allOf)
                            .collect(Collectors.joining("\n")));
        }
        return new Observations(places);
    }

    private static String allOf(ConsumerRecord<byte[], byte[]> record) {
        Stream<String> headers =
                Stream.of(record.headers().toArray()).map(Header::value).map(value -> new String(value, UTF_8));
        Stream<String> others =
                Stream.of(record.key(), record.value()).filter(Objects::nonNull).map(bytes -> new String(bytes, UTF_8));
        return Stream.concat(headers, others).collect(Collectors.joining("\n"));
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
    }

    /** All output and records by their place. */
    private record Observations(Map<String, String> places) {

        void assertWithout(List<String> canaries) {
            assertThat(places).hasSizeGreaterThan(100);
            Stream<String> leaks = places.entrySet().stream()
                    .filter(place -> canaries.stream().anyMatch(place.getValue()::contains))
                    .map(Map.Entry::getKey);
            assertThat(leaks).isEmpty();
        }
    }
}
