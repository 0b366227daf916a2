package org.keyrotation.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.keyrotation.model.ClientKeyRotated;
import org.keyrotation.model.CredentialId;
import org.keyrotation.sandbox.ApiOptions;
import org.keyrotation.sandbox.ApiUser;
import org.keyrotation.sandbox.ReceivedRequest;
import org.keyrotation.sandbox.SandboxBroker;
import org.keyrotation.sandbox.SandboxExtension;
import org.keyrotation.sandbox.SimulatedManagementApi;

/** Where the packaged app takes its properties from: each way it rotates a key. */
@ExtendWith(SandboxExtension.class)
@Execution(ExecutionMode.CONCURRENT)
class ConfigurationIT {

    private final Path directory;

    private SandboxBroker broker;
    private SimulatedManagementApi api;
    private AppFixture work;

    ConfigurationIT(@TempDir Path directory) {
        this.directory = directory;
    }

    @BeforeEach
    void workplace(SandboxBroker sharedBroker, SimulatedManagementApi freshApi) throws IOException {
        broker = sharedBroker;
        api = freshApi;
        work = new AppFixture(broker, api);
    }

    @Test
    void theEnvironmentAloneWillDo() throws Exception {
        AppProcess.Launch launch = AppProcess.packaged()
                .environment("ROTATION_API_KEY", api.apiKey())
                .environment("CAMEL_COMPONENT_KAFKA_BROKERS", broker.bootstrapServers())
                .environment("CAMEL_MANAGEMENT_PORT", port());
        work.names().forEach((name, value) -> launch.environment(AppProcess.variable(name), value));
        try (AppProcess app = launch.start()) {
            rotatesAKey(app);
            assertThat(work.observed().status("/health/ready")).isEqualTo("UP 200");
        }
    }

    @Test
    void systemPropertiesAloneWillDoAndAUsernameWithItsPasswordSignsIn() throws Exception {
        try (AppProcess app = work.bare()
                .property("camel.component.kafka.brokers", broker.bootstrapServers())
                .property("camel.management.port", port())
                .property("rotation.api.username", api.username())
                .property("rotation.api.password", api.password())
                .start()) {
            ReceivedRequest call = rotatesAKey(app);
            String login = Base64.getEncoder().encodeToString((api.username() + ":" + api.password()).getBytes(UTF_8));
            assertThat(call.header("Authorization")).contains("Basic " + login);
            assertThat(call.header("X-API-Key")).isEmpty();
        }
    }

    @Test
    void theFileOfTheConfigArgumentAloneWillDoAndAnApiKeySignsIn() throws Exception {
        Path file = file(everything());
        try (AppProcess app = AppProcess.packaged().arguments("--config", file).start()) {
            ReceivedRequest call = rotatesAKey(app);
            assertThat(call.header("X-API-Key")).contains(api.apiKey());
            assertThat(call.header("Authorization")).isEmpty();
            assertThat(work.observed().status("/health/ready")).isEqualTo("UP 200");
        }
    }

    @Test
    void aPasswordWithUmlautsInTheFileReachesTheApiUnharmed() throws Exception {
        ApiOptions options = ApiOptions.defaults().withLogin("wsüser@Company.Acme", "pä ß=wörd€");
        try (SimulatedManagementApi strict = SimulatedManagementApi.start(options)) {
            api = strict;
            work = new AppFixture(broker, strict);
            Map<String, String> properties = everything();
            properties.remove("rotation.api.key");
            properties.put("rotation.api.username", strict.username());
            properties.put("rotation.api.password", strict.password());
            try (AppProcess app = AppProcess.packaged()
                    .arguments("--config", file(properties))
                    .start()) {
                rotatesAKey(app);
            }
        }
    }

    @Test
    void thePathOfTheFileMayHaveSpacesAndCommas() throws Exception {
        Path file = Files.move(file(everything()), directory.resolve("a file, of ours.properties"));
        try (AppProcess app = AppProcess.packaged().arguments("--config", file).start()) {
            rotatesAKey(app);
        }
    }

    @Test
    void theFileThatRotationConfigNamesAloneWillDo() throws Exception {
        try (AppProcess app = AppProcess.packaged()
                .environment("ROTATION_CONFIG", file(everything()).toString())
                .start()) {
            rotatesAKey(app);
        }
    }

    @Test
    void theConfigArgumentComesBeforeRotationConfig() throws Exception {
        try (AppProcess app = AppProcess.packaged()
                .environment("ROTATION_CONFIG", "/nowhere")
                .arguments("--config", file(everything()))
                .start()) {
            rotatesAKey(app);
        }
    }

    @Test
    void aSystemPropertyComesBeforeTheEnvironmentAndThatBeforeTheFile() throws Exception {
        String wrong = "wrong-" + work.group;
        Path file = file(Map.of(
                "rotation.topics.failures",
                work.failures,
                "rotation.topics.keys",
                wrong,
                "rotation.topics.requests",
                wrong,
                "rotation.api.key",
                wrong,
                "camel.component.kafka.brokers",
                wrong + ":1",
                "camel.management.port",
                "1"));
        try (AppProcess app = AppProcess.packaged()
                .arguments("--config", file)
                .environment("ROTATION_TOPICS_KEYS", work.keys)
                .environment("ROTATION_TOPICS_REQUESTS", wrong)
                .environment("ROTATION_API_KEY", api.apiKey())
                .environment("CAMEL_COMPONENT_KAFKA_BROKERS", wrong + ":2")
                .environment("CAMEL_MANAGEMENT_PORT", "2")
                .property("rotation.topics.requests", work.requests)
                .property("rotation.api.base-url", api.baseUrl())
                .property("camel.component.kafka.brokers", broker.bootstrapServers())
                .property("camel.management.port", port())
                .start()) {
            rotatesAKey(app);
            assertThat(work.observed().status("/health/ready")).isEqualTo("UP 200");
        }
    }

    @Test
    void theEnvironmentComesBeforeTheFileForBrokersAndManagementPortToo() throws Exception {
        Map<String, String> properties = everything();
        properties.put("camel.component.kafka.brokers", "wrong:1");
        properties.put("camel.management.port", "1");
        try (AppProcess app = AppProcess.packaged()
                .arguments("--config", file(properties))
                .environment("CAMEL_COMPONENT_KAFKA_BROKERS", broker.bootstrapServers())
                .environment("CAMEL_MANAGEMENT_PORT", port())
                .start()) {
            rotatesAKey(app);
            assertThat(work.observed().status("/health/ready")).isEqualTo("UP 200");
        }
    }

    @Test
    void aCompanyCanHaveASignInOfItsOwnInTheFile() throws Exception {
        CredentialId byKey = new CredentialId(work.company, "S2-key");
        CredentialId byLogin = new CredentialId(work.company + "-Login", "S2-login");
        CredentialId byDefault = new CredentialId(work.company + "-Default", "S2-default");
        for (CredentialId credential : new CredentialId[] {byKey, byLogin, byDefault}) {
            api.addCredential(credential.companyId(), credential.apiCredentialId());
        }
        ApiUser keyUser = api.addUser(byKey.companyId());
        ApiUser loginUser = api.addUser(byLogin.companyId());
        Map<String, String> properties = everything();
        properties.put("rotation.api.companies." + byKey.companyId() + ".key", keyUser.apiKey());
        properties.put("rotation.api.companies." + byLogin.companyId() + ".username", loginUser.username());
        properties.put("rotation.api.companies." + byLogin.companyId() + ".password", loginUser.password());
        try (AppProcess app =
                AppProcess.packaged().arguments("--config", file(properties)).start()) {
            app.line("Ready:");
            work.ask(byKey);
            work.ask(byLogin);
            work.ask(byDefault);
            work.awaitKeyEvents(3);
        }
        assertThat(callFor(byKey).header("X-API-Key")).contains(keyUser.apiKey());
        assertThat(callFor(byLogin).header("Authorization")).isPresent();
        assertThat(callFor(byDefault).header("X-API-Key")).contains(api.apiKey());
    }

    /** The call that made the key. */
    private ReceivedRequest rotatesAKey(AppProcess app) throws IOException {
        CredentialId credential = work.credential(1);
        app.line("Ready:");
        work.ask(credential);
        ClientKeyRotated event = work.awaitKeyEvents(1).get(0);
        assertThat(event.clientKey().value())
                .isEqualTo(api.truth().currentKey(credential.companyId(), credential.apiCredentialId()));
        assertThat(api.truth().totalGenerations()).isOne();
        return callFor(credential);
    }

    private ReceivedRequest callFor(CredentialId credential) {
        return api.requests().stream()
                .filter(call -> call.path().contains("/" + credential.apiCredentialId() + "/"))
                .findFirst()
                .orElseThrow();
    }

    private Map<String, String> everything() {
        Map<String, String> properties = new LinkedHashMap<>(work.names());
        properties.put("camel.component.kafka.brokers", broker.bootstrapServers());
        properties.put("camel.management.port", port());
        properties.put("rotation.api.key", api.apiKey());
        return properties;
    }

    private String port() {
        return Integer.toString(work.observed().port());
    }

    private Path file(Map<String, String> content) throws IOException {
        Properties properties = new Properties();
        properties.putAll(content);
        Path file = directory.resolve("rotation.properties");
        try (Writer writer = Files.newBufferedWriter(file)) {
            properties.store(writer, null);
        }
        return file;
    }
}
