package org.keyrotation.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.apache.camel.CamelContext;
import org.apache.camel.Message;
import org.apache.camel.main.Main;
import org.apache.camel.support.jsse.KeyManagersParameters;
import org.apache.camel.support.jsse.KeyStoreParameters;
import org.apache.camel.support.jsse.SSLContextParameters;
import org.apache.camel.support.jsse.TrustManagersParameters;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.keyrotation.model.CredentialId;
import org.keyrotation.model.FailureCode;
import org.keyrotation.model.RotationRequest;
import org.keyrotation.routes.api.ApiHttpClient;
import org.keyrotation.sandbox.ApiOptions;
import org.keyrotation.sandbox.SandboxBroker;
import org.keyrotation.sandbox.SandboxExtension;
import org.keyrotation.sandbox.SimulatedManagementApi;
import org.keyrotation.sandbox.TlsStores;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** An API behind a private CA that requires a client certificate. Each way in has stores of its own for it. */
@ExtendWith(SandboxExtension.class)
@Execution(ExecutionMode.CONCURRENT)
@ParameterizedClass
@EnumSource(ApiHttpClient.class)
class ApiTlsIT {

    private static TlsStores stores;
    private static SimulatedManagementApi api;

    private final CredentialId credential = new CredentialId(TestTopics.COMPANY, "S2-1");
    private final TestTopics topics;

    ApiTlsIT(ApiHttpClient client, SandboxBroker broker) {
        topics = TestTopics.of(broker, api).with(client).with("rotation.min-interval", "PT0S");
    }

    @BeforeAll
    static void startApi(@TempDir Path directory) {
        stores = TlsStores.createIn(directory);
        api = SimulatedManagementApi.start(ApiOptions.defaults().withTls(stores));
        api.addCredential(TestTopics.COMPANY, "S2-1");
    }

    @AfterAll
    static void stopApi() {
        api.close();
    }

    @Test
    void parametersOfTheContextReachTheApi() {
        RunningRoutes routes = RunningRoutes.unstarted(topics);
        routes.context().setSSLContextParameters(parameters(routes.context(), stores, true));
        try (routes) {
            routes.start(new RotationRoutes(topics.settings())).awaitIntake();

            assertThat(rotate(routes.context())).isInstanceOf(RotationOutcome.Rotated.class);
        }
    }

    @Test
    void parametersThatAreSetAfterTheRoutesReachTheApi() throws Exception {
        RunningRoutes routes = RunningRoutes.unstarted(topics);
        routes.context().addRoutes(new RotationRoutes(topics.settings()));
        routes.context().setSSLContextParameters(parameters(routes.context(), stores, true));
        try (routes) {
            routes.start().awaitIntake();

            assertThat(rotate(routes.context())).isInstanceOf(RotationOutcome.Rotated.class);
        }
    }

    @Test
    void withoutThemTheApiIsNotTrusted() {
        topics.with("rotation.retry.give-up-after", "PT0S");
        try (RunningRoutes routes = topics.start()) {
            assertThat(rotate(routes.context()))
                    .isInstanceOfSatisfying(
                            RotationOutcome.Failed.class,
                            failed -> assertThat(failed.event().code()).isEqualTo(FailureCode.GAVE_UP));
        }
    }

    @Test
    void withoutAClientCertificateTheApiRefusesTheCall() {
        topics.with("rotation.retry.give-up-after", "PT0S");
        RunningRoutes routes = RunningRoutes.unstarted(topics);
        routes.context().setSSLContextParameters(parameters(routes.context(), stores, false));
        try (routes) {
            routes.start(new RotationRoutes(topics.settings())).awaitIntake();

            assertThat(rotate(routes.context()))
                    .isInstanceOfSatisfying(
                            RotationOutcome.Failed.class,
                            failed -> assertThat(failed.event().code()).isEqualTo(FailureCode.GAVE_UP));
        }
    }

    @Test
    void certificateOfAnotherHostIsNotTrusted(@TempDir Path directory) {
        TlsStores others = TlsStores.createIn(directory, "dns:api.example.com");
        try (SimulatedManagementApi other =
                SimulatedManagementApi.start(ApiOptions.defaults().withTls(others))) {
            topics.with("rotation.api.base-url", other.baseUrl().toString())
                    .with("rotation.api.key", other.apiKey())
                    .with("rotation.retry.give-up-after", "PT0S");
            RunningRoutes routes = RunningRoutes.unstarted(topics);
            routes.context().setSSLContextParameters(parameters(routes.context(), others, true));
            try (routes) {
                routes.start(new RotationRoutes(topics.settings())).awaitIntake();

                assertThat(rotate(routes.context()))
                        .isInstanceOfSatisfying(
                                RotationOutcome.Failed.class,
                                failed -> assertThat(failed.event().detail()).contains("No connection: SSL"));
            }
            assertThat(other.requests()).isEmpty();
        }
    }

    @Test
    void parametersLeaveAPlainApiPlain() {
        try (SimulatedManagementApi plain = SimulatedManagementApi.start()) {
            plain.addCredential(credential.companyId(), credential.apiCredentialId());
            topics.with("rotation.api.base-url", plain.baseUrl().toString()).with("rotation.api.key", plain.apiKey());
            RunningRoutes routes = RunningRoutes.unstarted(topics);
            routes.context().setSSLContextParameters(parameters(routes.context(), stores, true));
            try (routes) {
                routes.start(new RotationRoutes(topics.settings())).awaitIntake();

                assertThat(rotate(routes.context())).isInstanceOf(RotationOutcome.Rotated.class);
            }
        }
    }

    @Test
    void propertiesOfCamelMainReachTheApi() {
        Main main = new Main();
        topics.properties().forEach(main::addInitialProperty);
        main.addInitialProperty("camel.component.kafka.brokers", topics.broker().bootstrapServers());
        camelSsl().forEach(main::addInitialProperty);
        main.configure().addRoutesBuilder(new RotationRoutes());
        try {
            main.start();

            assertThat(rotate(main.getCamelContext())).isInstanceOf(RotationOutcome.Rotated.class);
        } finally {
            main.stop();
        }
    }

    @Test
    void propertiesOfTheHostOfAKameletReachTheApi() {
        String kamelet = "camel.kamelet.rotate-client-key-action.";
        Map<String, String> properties = camelSsl();
        properties.put("camel.component.kafka.brokers", topics.broker().bootstrapServers());
        properties.put(kamelet + "baseUrl", api.baseUrl().toString());
        properties.put(kamelet + "apiKey", api.apiKey());
        properties.put(kamelet + "ledgerTopic", topics.ledgerTopic());
        properties.put(kamelet + "keysTopic", topics.keysTopic());
        properties.put(kamelet + "failuresTopic", topics.failuresTopic());
        properties.put(kamelet + "satisfiedTopic", topics.satisfiedTopic());
        properties.put(kamelet + "requestsTopic", topics.requestsTopic());
        properties.put(kamelet + "retryTopicPrefix", topics.property("rotation.topics.retry-prefix"));
        String yaml = "- route: {from: {uri: 'direct:leaked', steps: [{to: 'kamelet:rotate-client-key-action'}]}}";
        try (YamlHost host = YamlHost.start(yaml, properties)) {
            Message reply = host.request("direct:leaked", RotationRequest.of(credential));

            assertThat(reply.getHeader("rotationOutcome")).isEqualTo("rotated");
        }
    }

    @Test
    void propertiesOfSpringBootReachTheApi() {
        String[] arguments = topics
                .with("camel.component.kafka.brokers", topics.broker().bootstrapServers())
                .with(
                        "camel.ssl.config.trust-managers.key-store.resource",
                        stores.clientTrustStore().toString())
                .with("camel.ssl.config.trust-managers.key-store.password", TlsStores.PASSWORD)
                .with(
                        "camel.ssl.config.key-managers.key-store.resource",
                        stores.clientKeyStore().toString())
                .with("camel.ssl.config.key-managers.key-store.password", TlsStores.PASSWORD)
                .with("camel.ssl.config.key-managers.key-password", TlsStores.PASSWORD)
                .with("server.port", "0")
                .properties()
                .entrySet()
                .stream()
                .map(property -> "--" + property.getKey() + "=" + property.getValue())
                .toArray(String[]::new);
        try (ConfigurableApplicationContext host = new SpringApplicationBuilder(Host.class)
                .registerShutdownHook(false)
                .run(arguments)) {
            assertThat(rotate(host.getBean(CamelContext.class))).isInstanceOf(RotationOutcome.Rotated.class);
        }
    }

    private static Map<String, String> camelSsl() {
        Map<String, String> properties = new TreeMap<>();
        properties.put("camel.ssl.enabled", "true");
        properties.put("camel.ssl.trust-store", stores.clientTrustStore().toString());
        properties.put("camel.ssl.trust-store-password", TlsStores.PASSWORD);
        properties.put("camel.ssl.key-store", stores.clientKeyStore().toString());
        properties.put("camel.ssl.keystore-password", TlsStores.PASSWORD);
        return properties;
    }

    private RotationOutcome rotate(CamelContext context) {
        return context.createProducerTemplate()
                .requestBody(RotationRoutes.ROTATE_CLIENT_KEY, RotationRequest.of(credential), RotationOutcome.class);
    }

    private static SSLContextParameters parameters(CamelContext context, TlsStores stores, boolean withKey) {
        TrustManagersParameters trust = new TrustManagersParameters();
        trust.setCamelContext(context);
        trust.setKeyStore(store(context, stores.clientTrustStore()));
        SSLContextParameters parameters = new SSLContextParameters();
        parameters.setCamelContext(context);
        parameters.setTrustManagers(trust);
        if (withKey) {
            KeyManagersParameters keys = new KeyManagersParameters();
            keys.setCamelContext(context);
            keys.setKeyStore(store(context, stores.clientKeyStore()));
            keys.setKeyPassword(TlsStores.PASSWORD);
            parameters.setKeyManagers(keys);
        }
        return parameters;
    }

    private static KeyStoreParameters store(CamelContext context, Path file) {
        KeyStoreParameters store = new KeyStoreParameters();
        store.setCamelContext(context);
        store.setResource(file.toString());
        store.setPassword(TlsStores.PASSWORD);
        return store;
    }

    @EnableAutoConfiguration
    static class Host {}
}
