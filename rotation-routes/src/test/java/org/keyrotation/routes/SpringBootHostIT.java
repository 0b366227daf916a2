package org.keyrotation.routes;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.keyrotation.routes.TestTopics.COMPANY;

import ch.qos.logback.classic.Level;
import com.fasterxml.jackson.databind.JsonNode;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.keyrotation.model.ClientKeyRotated;
import org.keyrotation.model.Json;
import org.keyrotation.model.PlannedRotation.State;
import org.keyrotation.model.RotationPlan;
import org.keyrotation.routes.api.ApiAuth;
import org.keyrotation.routes.api.ApiAuthProvider;
import org.keyrotation.routes.config.InvalidSettingsException;
import org.keyrotation.sandbox.SimulatedManagementApi;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;

/** A Spring Boot host application with Camel, this library on its class path, and the README's configuration. */
@ExtendWith(TestTopicsExtension.class)
@Execution(ExecutionMode.CONCURRENT)
class SpringBootHostIT {

    private static final Path YAML = Path.of("src", "test", "resources", "spring-boot-host", "application.yml");

    /** What Spring Boot does by itself; the tests have a logback-test.xml of their own. */
    private static final String SPRING_BOOT_LOGGING =
            """
            <configuration>
              <statusListener class="ch.qos.logback.core.status.NopStatusListener"/>
              <include resource="org/springframework/boot/logging/logback/defaults.xml"/>
              <include resource="org/springframework/boot/logging/logback/console-appender.xml"/>
              <root level="INFO"><appender-ref ref="CONSOLE"/></root>
            </configuration>
            """;

    private final SimulatedManagementApi api;
    private final TestTopics topics;

    SpringBootHostIT(SimulatedManagementApi api, TestTopics topics) {
        this.api = api;
        this.topics = topics.without("rotation.api.key");
        api.addCredential("OtherCorp", "S2-1");
    }

    @Test
    void hostStartsWithFewLogLines(@TempDir Path resources) throws Exception {
        Map<String, String> properties = topics.properties();
        properties.putAll(Map.of(
                "ADYEN_API_KEY",
                api.apiKey(),
                "KAFKA_BROKERS",
                topics.broker().bootstrapServers(),
                "server.port",
                "0"));
        HostProcess.write(properties, resources.resolve("application.properties"));
        Files.copy(
                Path.of("src/test/resources/spring-boot-host/application.yml"), resources.resolve("application.yml"));
        Files.writeString(resources.resolve("logback-test.xml"), SPRING_BOOT_LOGGING);

        Process host = HostProcess.start("com.example.Application", resources);
        try {
            Awaitility.await()
                    .atMost(TestTopics.TIMEOUT)
                    .failFast("the host has ended", () -> !host.isAlive())
                    .until(() -> Files.readString(resources.resolve("output")).contains("Ready: "));
        } finally {
            host.destroy();
        }
        assertThat(Files.readAllLines(resources.resolve("output"))).hasSizeLessThan(150);
    }

    @Test
    void readmeShowsTheConfigurationOfThisHost() throws IOException {
        assertThat(Readme.PATH).content().contains("```yaml\n" + Files.readString(YAML) + "```");
    }

    @Test
    @Tag("I1")
    void dependencyAndPropertiesAreEnough() {
        try (ConfigurableApplicationContext host = start()) {
            await(() -> topics.broker().topics().activeMembers(topics.group()) > 0); // all topics exist by then
            topics.request("S2-1");
            await(() -> topics.lag() == 0);

            assertThat(topics.lastKey("S2-1")).isEqualTo(api.truth().currentKey(COMPANY, "S2-1"));
            assertThat(host.getBean(MeterRegistry.class)
                            .get("rotation.requests")
                            .tag("outcome", "rotated")
                            .counter()
                            .count())
                    .isEqualTo(1);
            assertThat(actuator(host, "metrics/rotation.requests")
                            .at("/measurements/0/value")
                            .asInt())
                    .isEqualTo(1);
        }
    }

    @Test
    @Tag("kamelets")
    void newKeysReachABeanAsTheReadmeShows() throws Exception {
        List<String> used = new CopyOnWriteArrayList<>();
        Class<?> newKeys = Class.forName("org.keyrotation.routes.examples.NewKeys");
        String kamelet = "--camel.kamelet.rotated-client-keys-source.";
        try (ConfigurableApplicationContext host = start(
                context -> {
                    context.registerBean("frontEnd", FrontEnd.class, () -> key -> used.add(key.keyFingerprint()));
                    context.registerBean(newKeys);
                },
                kamelet + "topic=" + topics.keysTopic(),
                kamelet + "deliver=at-once")) {
            assertThat(host.isActive()).isTrue();
            await(() -> topics.broker().topics().activeMembers(topics.group()) > 0);
            topics.request("S2-1");
            await(() -> !used.isEmpty());

            assertThat(used).containsExactly(topics.rotated().get(0).keyFingerprint());
        }
    }

    /** Stands for whatever uses the keys. */
    public interface FrontEnd {
        void use(ClientKeyRotated key);
    }

    @Test
    void actuatorShowsTheHealthChecks() {
        try (ConfigurableApplicationContext host = start("--camel.health.exposure-level=full")) {
            await(() -> camelHealth(host).at("/status").asText().equals("UP"));

            assertThat(camelHealth(host).at("/details/rotation-topics").asText())
                    .isEqualTo("UP");
            assertThat(camelHealth(host)
                            .at("/details/rotation-api-authentication")
                            .asText())
                    .isEqualTo("UP");
        }
    }

    @Test
    void actuatorShowsTheReasonOfADownCheck() {
        try (ConfigurableApplicationContext host = start("--rotation.topics.create=false")) {
            await(() -> camelHealth(host)
                    .at("/details/rotation-topics.data/reason")
                    .asText()
                    .contains(topics.requestsTopic()));

            assertThat(camelHealth(host).at("/status").asText()).isEqualTo("DOWN");
            assertThat(camelHealth(host).at("/details/rotation-topics").asText())
                    .isEqualTo("DOWN");
        }
    }

    @Test
    void disabledLibraryAddsNoRoute() {
        try (ConfigurableApplicationContext host = start("--rotation.enabled=false")) {
            assertThat(host.getBean(CamelContext.class).getRoutes()).isEmpty();
            assertThat(host.getBeansOfType(RotationRoutes.class)).isEmpty();
        }
    }

    @Test
    @Tag("I6")
    void invalidPropertiesStopTheStartWithALineEachAndNoSecret() {
        try (RecordedLogs logs = RecordedLogs.at(Map.of("org.springframework.boot.diagnostics", Level.ERROR))) {
            assertThatThrownBy(() -> start(
                            "--rotation.overlap=a day",
                            "--rotation.api.max-inflight=3",
                            "--rotation.kafka.group-id=${NOT_THERE}"))
                    .rootCause()
                    .isInstanceOf(InvalidSettingsException.class);

            String analysis = logs.lines().stream()
                    .filter(line -> line.contains("these settings"))
                    .filter(line -> line.contains("APPLICATION FAILED TO START"))
                    .collect(Collectors.joining());
            assertThat(analysis.lines())
                    .contains(
                            "rotation.overlap: invalid value 'a day', expected an ISO-8601 duration from PT0S to PT720H, such as PT30S or"
                                    + " P90D",
                            "rotation.api.max-inflight: unknown property, expected one of the configuration reference in app/README.md",
                            "rotation.kafka.group-id: unresolvable placeholder, expected one that Camel, with the"
                                    + " modules on the class path, or its host application resolves, or \\{{ for literal"
                                    + " braces")
                    .noneMatch(line -> line.contains(api.apiKey()))
                    .noneMatch(line -> line.startsWith("\tat "));
        }
    }

    @Test
    void beansOfTheHostAreUsed() {
        List<RotationOutcome> handled = new CopyOnWriteArrayList<>();
        List<String> companies = new CopyOnWriteArrayList<>();
        ApiAuthProvider authProvider = company -> {
            companies.add(company);
            return ApiAuth.apiKey(api.apiKey());
        };
        try (ConfigurableApplicationContext host = start(
                context -> {
                    context.registerBean("authProvider", ApiAuthProvider.class, () -> authProvider);
                    context.registerBean("handler", OutcomeHandler.class, () -> handled::add);
                },
                "--ADYEN_API_KEY=",
                "--rotation.publish.enabled=false")) {
            await(() -> topics.broker().topics().activeMembers(topics.group()) == 1);
            topics.request("S2-1");
            await(() -> !handled.isEmpty());

            assertThat(handled).singleElement().isInstanceOf(RotationOutcome.Rotated.class);
            assertThat(companies).contains(COMPANY);
            assertThat(host.isRunning()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"off", "no", "fasle", ""})
    void switchThatIsNeitherTrueNorFalseStopsTheStart(String value) {
        assertThatThrownBy(() -> start("--rotation.enabled=" + value))
                .isInstanceOf(InvalidSettingsException.class)
                .hasMessageMatching("rotation.enabled: (invalid value '" + value + "'|empty), expected true or false");
    }

    @Test
    void profileConfigTreeAndRelaxedNamesAreRead(@TempDir Path directory) throws IOException {
        Path secret = Files.createDirectories(directory.resolve("secrets/rotation/api/companies/OtherCorp"));
        Files.writeString(secret.resolve("key"), api.apiKey() + "\n");
        Files.writeString(
                directory.resolve("application-prod.yml"),
                """
                spring.config.import: "configtree:%s/"
                rotation:
                  api:
                    maxInFlight: 2
                    companies:
                      "[Acme.Corp]": {key: not-the-key}
                  schedule:
                    companies: [OtherCorp]
                    exclude:
                    - S2-2
                """
                        .formatted(directory.resolve("secrets")));
        api.addCredential("OtherCorp", "S2-2");
        try (ConfigurableApplicationContext host = start(
                "--ADYEN_API_KEY=not-the-key",
                "--spring.config.additional-location=" + directory + "/",
                "--spring.profiles.active=prod")) {
            await(() -> topics.broker().topics().activeMembers(topics.group()) > 0);
            RotationPlan plan = host.getBean(CamelContext.class)
                    .createProducerTemplate()
                    .requestBody(RotationRoutes.PLAN_CLIENT_KEY_ROTATIONS, null, RotationPlan.class);

            assertThat(plan.problems()).isEmpty();
            assertThat(plan.rotations())
                    .extracting(planned -> planned.credential() + ", " + (planned.state() == State.EXCLUDED))
                    .containsExactlyInAnyOrder("OtherCorp/S2-1, false", "OtherCorp/S2-2, true");
        }
    }

    @Test
    @Tag("I1")
    void closingTheApplicationFinishesWhatIsInFlightBeforeItsBeansAreDestroyed() {
        Handler handler = new Handler();
        ConfigurableApplicationContext host = start(
                context -> context.registerBean("handler", Handler.class, () -> handler),
                "--spring.lifecycle.timeout-per-shutdown-phase=1s",
                "--server.shutdown=graceful");
        try (host) {
            await(() -> topics.broker().topics().activeMembers(topics.group()) > 0);
            api.latency(Duration.ofSeconds(1));
            topics.request("S2-1");
            await(() -> !api.requests().isEmpty());
        }
        assertThat(handler.events).containsExactly("Rotated", "destroyed");
        assertThat(topics.lag()).isZero();
        assertThat(topics.rotated()).hasSize(1);
    }

    @Test
    @Tag("I2")
    void secondApplicationInTheSameJvmIsAnotherInstance() {
        try (ConfigurableApplicationContext one = start();
                ConfigurableApplicationContext lazy = start("--spring.main.lazy-initialization=true")) {
            await(() -> topics.broker().topics().activeMembers(topics.group()) == 2);
            topics.request("S2-1");
            topics.request("S2-1");
            await(() -> topics.lag() == 0);

            assertThat(topics.rotated()).hasSize(1);
            await(() -> camelHealth(one).at("/status").asText().equals("UP"));
            await(() -> camelHealth(lazy).at("/status").asText().equals("UP"));
        }
    }

    @Test
    void kameletsReadTheirPropertiesFromTheApplication(@TempDir Path directory) throws IOException {
        Path yaml = Files.writeString(
                directory.resolve("routes.yaml"),
                """
                - route:
                    from:
                      uri: direct:leaked
                      steps:
                        - to: kamelet:rotate-client-key-action
                """);
        String kamelet = "--camel.kamelet.rotate-client-key-action.";
        try (ConfigurableApplicationContext host = start(
                "--rotation.enabled=false",
                "--camel.main.routes-include-pattern=file:" + yaml,
                kamelet + "base-url=" + api.baseUrl(),
                kamelet + "apiKey=" + api.apiKey(),
                kamelet + "ledgerTopic=" + topics.ledgerTopic(),
                kamelet + "publish=false",
                "--camel.component.kafka.brokers=" + topics.broker().bootstrapServers())) {
            Object outcome = host.getBean(CamelContext.class)
                    .createProducerTemplate()
                    .requestBody("direct:leaked", "{\"companyId\": \"AcmeCorp\", \"apiCredentialId\": \"S2-1\"}");

            assertThat(outcome).asString().contains(api.truth().currentKey(COMPANY, "S2-1"));
        }
    }

    @Test
    void twoHandlersStopTheStart() {
        assertThatThrownBy(() -> start(context -> {
                    context.registerBean("one", OutcomeHandler.class, () -> outcome -> {});
                    context.registerBean("another", OutcomeHandler.class, () -> outcome -> {});
                }))
                .rootCause()
                .hasMessageContaining("one,another");
    }

    @Test
    void routesOfTheHostReplaceOursAndReadItsProperties() {
        try (ConfigurableApplicationContext host = start(
                context -> context.registerBean(RotationRoutes.class, () -> RotationRoutes.withPrefix("live")),
                "--live.api.key=k",
                "--live.intake.enabled=false")) {
            assertThat(host.getBean(CamelContext.class).getRoutes())
                    .isNotEmpty()
                    .extracting(Route::getId)
                    .allMatch(id -> id.startsWith("live-"));
        }
    }

    private ConfigurableApplicationContext start(String... arguments) {
        return start(context -> {}, arguments);
    }

    /** Starts the host with the properties of the test as arguments, followed by these. */
    private ConfigurableApplicationContext start(Beans beans, String... arguments) {
        Stream<String> common = Stream.of(
                "--spring.config.location=" + YAML,
                "--server.port=0",
                "--ADYEN_API_KEY=" + api.apiKey(),
                "--KAFKA_BROKERS=" + topics.broker().bootstrapServers());
        Stream<String> ofTheTopics = topics.properties().entrySet().stream()
                .map(property -> "--" + property.getKey() + "=" + property.getValue());
        return new SpringApplicationBuilder(Host.class)
                .initializers((GenericApplicationContext context) -> beans.register(context))
                .registerShutdownHook(false)
                .run(Stream.of(common, ofTheTopics, Stream.of(arguments))
                        .flatMap(all -> all)
                        .toArray(String[]::new));
    }

    private static void await(Callable<Boolean> condition) {
        Awaitility.await().atMost(TestTopics.TIMEOUT).until(condition);
    }

    private static JsonNode camelHealth(ConfigurableApplicationContext host) {
        return actuator(host, "health").at("/components/camelHealth");
    }

    private static JsonNode actuator(ConfigurableApplicationContext host, String path) {
        String port = requireNonNull(host.getEnvironment().getProperty("local.server.port"));
        URI uri = URI.create("http://localhost:" + port + "/actuator/" + path);
        try {
            return Json.mapper()
                    .readTree(HttpClient.newHttpClient()
                            .send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString())
                            .body());
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static final class Handler implements OutcomeHandler, DisposableBean {
        private final List<String> events = new CopyOnWriteArrayList<>();

        @Override
        public void handle(RotationOutcome outcome) {
            events.add(outcome.getClass().getSimpleName());
        }

        @Override
        public void destroy() {
            events.add("destroyed");
        }
    }

    @FunctionalInterface
    private interface Beans {
        void register(GenericApplicationContext context);
    }

    @EnableAutoConfiguration
    static class Host {}
}
