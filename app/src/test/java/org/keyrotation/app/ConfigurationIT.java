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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.keyrotation.model.ClientKeyRotated;
import org.keyrotation.model.CredentialId;
import org.keyrotation.routes.config.PropertyFunctions;
import org.keyrotation.sandbox.ApiOptions;
import org.keyrotation.sandbox.ApiUser;
import org.keyrotation.sandbox.ReceivedRequest;
import org.keyrotation.sandbox.SandboxBroker;
import org.keyrotation.sandbox.SandboxExtension;
import org.keyrotation.sandbox.SimulatedManagementApi;

/** The sources of the packaged app's properties. With each of them it rotates a key. */
@ExtendWith(SandboxExtension.class)
@Execution(ExecutionMode.CONCURRENT)
class ConfigurationIT {

    /** Real keys hold any printable ASCII character. */
    private static final String API_KEY = "a{{?b}}c{d}#$%[e]\\{{f!=:\\g";

    private static final String USERNAME = "ws{{user@Company.Acme}}";

    private final Path directory;

    private SandboxBroker broker;
    private SimulatedManagementApi api;
    private AppFixture fixture;

    ConfigurationIT(@TempDir Path directory) {
        this.directory = directory;
    }

    @BeforeEach
    void setUp(SandboxBroker sharedBroker) throws IOException {
        broker = sharedBroker;
        api = SimulatedManagementApi.start(
                ApiOptions.defaults().withApiKey(API_KEY).withLogin(USERNAME, API_KEY));
        fixture = new AppFixture(broker, api);
    }

    @AfterEach
    void closeTheApi() {
        api.close();
    }

    @Test
    void environmentAloneSuffices() throws Exception {
        AppProcess.Launch launch = AppProcess.packaged()
                .environment("ROTATION_API_KEY", api.apiKey())
                .environment("CAMEL_COMPONENT_KAFKA_BROKERS", broker.bootstrapServers())
                .environment("CAMEL_MANAGEMENT_PORT", port());
        fixture.properties().forEach((name, value) -> launch.environment(AppProcess.variable(name), value));
        try (AppProcess app = launch.start()) {
            assertThat(rotateAKey(app).header("X-API-Key")).contains(API_KEY);
            assertThat(fixture.management().status("/health/ready")).isEqualTo("UP 200");
        }
    }

    @Test
    void systemPropertiesAloneSufficeAndAUsernameWithItsPasswordAuthenticates() throws Exception {
        try (AppProcess app = fixture.launchWithTopics()
                .property("camel.component.kafka.brokers", broker.bootstrapServers())
                .property("camel.management.port", port())
                .property("rotation.api.username", api.username())
                .property("rotation.api.password", api.password())
                .start()) {
            ReceivedRequest call = rotateAKey(app);
            String login = Base64.getEncoder().encodeToString((api.username() + ":" + api.password()).getBytes(UTF_8));
            assertThat(call.header("Authorization")).contains("Basic " + login);
            assertThat(call.header("X-API-Key")).isEmpty();
        }
    }

    @Test
    void fileOfTheConfigArgumentAloneSufficesAndAnApiKeyAuthenticates() throws Exception {
        Path file = file(allProperties());
        try (AppProcess app = AppProcess.packaged().arguments("--config", file).start()) {
            ReceivedRequest call = rotateAKey(app);
            assertThat(call.header("X-API-Key")).contains(API_KEY);
            assertThat(call.header("Authorization")).isEmpty();
            assertThat(fixture.management().status("/health/ready")).isEqualTo("UP 200");
        }
    }

    @Test
    void nonAsciiPasswordInTheFileReachesTheApiUnchanged() throws Exception {
        ApiOptions options = ApiOptions.defaults().withLogin("wsüser@Company.Acme", "pä ß=wörd€");
        try (SimulatedManagementApi configured = SimulatedManagementApi.start(options)) {
            api.close();
            api = configured;
            fixture = new AppFixture(broker, configured);
            Map<String, String> properties = allProperties();
            properties.remove("rotation.api.key");
            properties.put("rotation.api.username", configured.username());
            properties.put("rotation.api.password", configured.password());
            try (AppProcess app = AppProcess.packaged()
                    .arguments("--config", file(properties))
                    .start()) {
                rotateAKey(app);
            }
        }
    }

    @Test
    void pathOfTheFileMayHaveSpacesAndCommas() throws Exception {
        Path file = Files.move(file(allProperties()), directory.resolve("a file, of ours.properties"));
        try (AppProcess app = AppProcess.packaged().arguments("--config", file).start()) {
            rotateAKey(app);
        }
    }

    @Test
    void fileOfRotationConfigAloneSuffices() throws Exception {
        try (AppProcess app = AppProcess.packaged()
                .environment("ROTATION_CONFIG", file(allProperties()).toString())
                .start()) {
            rotateAKey(app);
        }
    }

    @Test
    void configArgumentOverridesRotationConfig() throws Exception {
        try (AppProcess app = AppProcess.packaged()
                .environment("ROTATION_CONFIG", "/nowhere")
                .arguments("--config", file(allProperties()))
                .start()) {
            rotateAKey(app);
        }
    }

    @Test
    void systemPropertyOverridesEnvironmentAndEnvironmentOverridesFile() throws Exception {
        String wrong = "wrong-" + fixture.group;
        Path file = file(Map.of(
                "rotation.topics.failures",
                fixture.failures,
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
                .environment("ROTATION_TOPICS_KEYS", fixture.keys)
                .environment("ROTATION_TOPICS_REQUESTS", wrong)
                .environment("ROTATION_API_KEY", api.apiKey())
                .environment("CAMEL_COMPONENT_KAFKA_BROKERS", wrong + ":2")
                .environment("CAMEL_MANAGEMENT_PORT", "2")
                .property("rotation.topics.requests", fixture.requests)
                .property("rotation.api.base-url", api.baseUrl())
                .property("camel.component.kafka.brokers", broker.bootstrapServers())
                .property("camel.management.port", port())
                .start()) {
            rotateAKey(app);
            assertThat(fixture.management().status("/health/ready")).isEqualTo("UP 200");
        }
    }

    @Test
    void environmentOverridesFileForBrokersAndManagementPort() throws Exception {
        Map<String, String> properties = allProperties();
        properties.put("camel.component.kafka.brokers", "wrong:1");
        properties.put("camel.management.port", "1");
        try (AppProcess app = AppProcess.packaged()
                .arguments("--config", file(properties))
                .environment("CAMEL_COMPONENT_KAFKA_BROKERS", broker.bootstrapServers())
                .environment("CAMEL_MANAGEMENT_PORT", port())
                .start()) {
            rotateAKey(app);
            assertThat(fixture.management().status("/health/ready")).isEqualTo("UP 200");
        }
    }

    @Test
    void companyHasItsOwnAuthenticationInTheFile() throws Exception {
        CredentialId byKey = new CredentialId(fixture.company, "S2-key");
        CredentialId byLogin = new CredentialId(fixture.company + "-Login", "S2-login");
        CredentialId byDefault = new CredentialId(fixture.company + "-Default", "S2-default");
        for (CredentialId credential : new CredentialId[] {byKey, byLogin, byDefault}) {
            api.addCredential(credential.companyId(), credential.apiCredentialId());
        }
        ApiUser keyUser = api.addUser(byKey.companyId());
        ApiUser loginUser = api.addUser(byLogin.companyId());
        Map<String, String> properties = allProperties();
        properties.put("rotation.api.companies." + byKey.companyId() + ".key", keyUser.apiKey());
        properties.put("rotation.api.companies." + byLogin.companyId() + ".username", loginUser.username());
        properties.put("rotation.api.companies." + byLogin.companyId() + ".password", loginUser.password());
        try (AppProcess app =
                AppProcess.packaged().arguments("--config", file(properties)).start()) {
            app.awaitReady();
            fixture.request(byKey);
            fixture.request(byLogin);
            fixture.request(byDefault);
            fixture.awaitKeyEvents(3);
        }
        assertThat(callFor(byKey).header("X-API-Key")).contains(keyUser.apiKey());
        assertThat(callFor(byLogin).header("Authorization")).isPresent();
        assertThat(callFor(byDefault).header("X-API-Key")).contains(api.apiKey());
    }

    /** Rotates a key and returns the call that generated it. */
    private ReceivedRequest rotateAKey(AppProcess app) throws IOException {
        CredentialId credential = fixture.credential(1);
        app.awaitReady();
        fixture.request(credential);
        ClientKeyRotated event = fixture.awaitKeyEvents(1).get(0);
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

    private Map<String, String> allProperties() {
        Map<String, String> properties = new LinkedHashMap<>(fixture.properties());
        properties.put("camel.component.kafka.brokers", broker.bootstrapServers());
        properties.put("camel.management.port", port());
        properties.put("rotation.api.key", api.apiKey());
        return properties;
    }

    private String port() {
        return Integer.toString(fixture.management().port());
    }

    private Path file(Map<String, String> content) throws IOException {
        Properties properties = new Properties();
        content.forEach((name, value) -> properties.setProperty(name, PropertyFunctions.escape(value)));
        Path file = directory.resolve("rotation.properties");
        try (Writer writer = Files.newBufferedWriter(file)) {
            properties.store(writer, null);
        }
        return file;
    }
}
