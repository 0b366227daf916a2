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
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.keyrotation.model.CredentialId;
import org.keyrotation.sandbox.ApiOptions;
import org.keyrotation.sandbox.ApiUser;
import org.keyrotation.sandbox.Fault;
import org.keyrotation.sandbox.Generation;
import org.keyrotation.sandbox.SandboxBroker;
import org.keyrotation.sandbox.SandboxExtension;
import org.keyrotation.sandbox.SimulatedManagementApi;

/** I6: a canary in every secret, and at TRACE none of them is in anything that the packaged app writes or publishes. */
@ExtendWith(SandboxExtension.class)
@Execution(ExecutionMode.CONCURRENT)
class SecretsIT {

    private static final String KAFKA_PASSWORD = "CANARY-kafka-password";
    private static final String SENSITIVE = "CANARY-of-a-problem";
    private static final String ODD_KEY = "CANARY of an odd client key";

    private final Path directory;
    private SandboxBroker broker;

    SecretsIT(@TempDir Path directory) {
        this.directory = directory;
    }

    @BeforeEach
    void broker(SandboxBroker shared) {
        broker = shared;
    }

    /** Where the secrets of a test are set. */
    enum Source {
        ENVIRONMENT,
        SYSTEM_PROPERTY,
        FILE
    }

    @Tag("I6")
    @ParameterizedTest
    @EnumSource
    @DisplayName("I6: an API key from anywhere is nowhere to be seen")
    void anApiKeyFromAnywhereIsNowhereToBeSeen(Source source) throws Exception {
        ApiOptions options = ApiOptions.defaults().withApiKey("CANARY-key").withKeyPrefix("CANARY_client_key_");
        Map<String, String> secrets = Map.of("rotation.api.key", "CANARY-key");
        rotateAndFail(source, options, secrets, List.of("CANARY-key"));
    }

    @Tag("I6")
    @ParameterizedTest
    @EnumSource
    @DisplayName("I6: a username and password from anywhere are nowhere to be seen")
    void aUsernameAndPasswordFromAnywhereAreNowhereToBeSeen(Source source) throws Exception {
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
            AppFixture work = new AppFixture(broker, api);
            api.faults().failNext(work.company, "S2-2", Fault.status(422).withSensitive(SENSITIVE));
            try (AppProcess app = launch(work, source, secrets).start()) {
                app.line("Ready:");
                work.ask(work.credential(1));
                work.ask(work.credential(2));
                work.awaitAllCommitted();
                Observations seen = observe(work, app);
                assertThat(work.keyEvents()).hasSize(1);
                assertThat(work.failureEvents()).hasSize(1);
                seen.assertWithout(canaries);
                seen.assertWithout(List.of("CANARY_client_key_", SENSITIVE, KAFKA_PASSWORD));
            }
        }
    }

    @Tag("I6")
    @Test
    @DisplayName("I6: no failure of any kind shows a secret")
    void noFailureOfAnyKindShowsASecret() throws Exception {
        ApiOptions options = ApiOptions.defaults().withApiKey("CANARY-key").withKeyPrefix("CANARY_client_key_");
        try (SimulatedManagementApi api = SimulatedManagementApi.start(options)) {
            AppFixture work = new AppFixture(broker, api);
            List<Fault> faults = faults();
            for (int i = 0; i < faults.size(); i++) {
                Fault fault = faults.get(i);
                api.faults().failNext(work.company, "S2-" + (i + 1), fault, fault, fault, fault);
            }
            CredentialId badChunk = work.credential(faults.size() + 1);
            CredentialId badHeader = work.credential(faults.size() + 2);
            failReads(api, badChunk, Fault.badChunk());
            failReads(api, badHeader, Fault.badHeader());
            AppProcess.Launch launch = launch(work, Source.ENVIRONMENT, Map.of("rotation.api.key", "CANARY-key"))
                    .property("rotation.topics.partitions", 16)
                    .property("rotation.retry.delays", "PT1H")
                    .property("rotation.api.response-timeout", "PT1S");
            try (AppProcess app = launch.start()) {
                app.line("Ready:");
                for (CredentialId credential : work.credentials(faults.size() + 2)) {
                    work.ask(credential);
                }
                work.send("anything", "{\"companyId\":\"a\",\"companyId\":1}");
                work.awaitAllCommitted();
                Observations seen = observe(work, app);
                int deferred = broker.topics().readAll(work.retryPrefix + ".1").size();
                assertThat(work.keyEvents().size() + work.failureEvents().size() + deferred)
                        .isEqualTo(faults.size() + 3);
                assertThat(work.keyEvents()).isNotEmpty();
                assertThat(work.failureEvents()).isNotEmpty();
                assertThat(deferred).isGreaterThan(5);
                seen.assertWithout(List.of("CANARY-key", "CANARY_client_key_", SENSITIVE, ODD_KEY, KAFKA_PASSWORD));
            }
        }
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
                Fault.clientKey(ODD_KEY),
                Fault.clientKey(List.of(ODD_KEY)),
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
    @DisplayName("I6: a wrong configuration shows no secret")
    void aWrongConfigurationShowsNoSecret(Source source) throws Exception {
        String key = "CANARY-key\u0007";
        Map<String, String> secrets = new LinkedHashMap<>();
        secrets.put("rotation.api.key", key);
        secrets.put("rotation.api.password", "CANARY-password");
        secrets.put("camel.component.kafka.sasl-jaas-confg", KAFKA_PASSWORD);
        for (String without : List.of("none", "camel.component.kafka.sasl-jaas-confg")) {
            Map<String, String> some = new LinkedHashMap<>(secrets);
            some.remove(without);
            try (AppProcess app = set(source, some, AppProcess.packaged())
                    .property("camel.component.kafka.brokers", "127.0.0.1:1")
                    .property("rotation.log.level", "TRACE")
                    .start()) {
                assertThat(app.exit()).isEqualTo(2);
                assertThat(app.written()).contains("Wrong configuration").doesNotContain("CANARY");
            }
        }
    }

    @Tag("I6")
    @Test
    @DisplayName("I6: a user of one company and its login in base64 are nowhere to be seen")
    void aUserOfOneCompanyAndItsLoginInBase64AreNowhereToBeSeen(SimulatedManagementApi api) throws Exception {
        AppFixture work = new AppFixture(broker, api);
        ApiUser user = api.addUser(work.company);
        Map<String, String> secrets = Map.of(
                "rotation.api.key",
                api.apiKey(),
                "rotation.api.companies." + work.company + ".username",
                user.username(),
                "rotation.api.companies." + work.company + ".password",
                user.password());
        try (AppProcess app = launch(work, Source.FILE, secrets).start()) {
            app.line("Ready:");
            work.ask(work.credential(1));
            work.awaitAllCommitted();
            Observations seen = observe(work, app);
            List<Generation> generated = api.truth().generations(work.company, "S2-1");
            assertThat(generated).hasSize(1);
            seen.assertWithout(List.of(
                    api.apiKey(),
                    user.password(),
                    base64(user.password()),
                    base64(user.username() + ":" + user.password()),
                    generated.get(0).clientKey(),
                    KAFKA_PASSWORD));
        }
    }

    /** With passwords for Kafka in each place that Camel has for one; PLAINTEXT makes no use of them. */
    private AppProcess.Launch launch(AppFixture work, Source source, Map<String, String> secrets) throws IOException {
        Map<String, String> all = new LinkedHashMap<>(secrets);
        all.put(
                "camel.component.kafka.sasl-jaas-config",
                "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"u\" password=\""
                        + KAFKA_PASSWORD + "\";");
        all.put("camel.component.kafka.ssl-key-password", KAFKA_PASSWORD);
        all.put("camel.component.kafka.ssl-keystore-password", KAFKA_PASSWORD);
        all.put("camel.component.kafka.ssl-truststore-password", KAFKA_PASSWORD);
        return set(source, all, work.bare())
                .property("camel.component.kafka.brokers", broker.bootstrapServers())
                .property("camel.management.port", work.observed().port())
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
        };
    }

    /** Ends the app, too: what it writes while it stops counts as well. */
    private Observations observe(AppFixture work, AppProcess app) throws Exception {
        Map<String, String> places = new LinkedHashMap<>();
        for (String path : List.of("/health", "/health/live", "/health/ready", "/metrics")) {
            places.put(path, work.observed().get(path).body());
        }
        assertThat(app.terminate()).isIn(0, 143);
        assertThat(app.lines()).anyMatch(line -> line.contains(" TRACE "));
        app.lines().forEach(line -> places.put(line, line));
        app.errors().forEach(line -> places.put(line, line));
        for (String topic : List.of(work.requests, work.failures, work.ledger, work.retryPrefix + ".1")) {
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

    /** Everything that was written or published, by place. */
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
