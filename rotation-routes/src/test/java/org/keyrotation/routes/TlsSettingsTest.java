package org.keyrotation.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.camel.CamelContext;
import org.apache.camel.component.kafka.KafkaComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.jsse.KeyManagersParameters;
import org.apache.camel.support.jsse.KeyStoreParameters;
import org.apache.camel.support.jsse.SSLContextParameters;
import org.apache.camel.support.jsse.TrustManagersParameters;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.keyrotation.routes.config.InvalidSettingsException;
import org.keyrotation.sandbox.TlsStores;

/** A store that cannot be used stops the start, by its name and without its password. */
class TlsSettingsTest {

    private static final String TRUSTED = ", expected a store with a CA's certificate, and its password";
    private static final String PRIVATE_KEY = ", expected a store with a private key, and its password";

    private static TlsStores stores;

    private final CamelContext context = new DefaultCamelContext();
    private final SSLContextParameters parameters = new SSLContextParameters();

    @BeforeAll
    static void createStores(@TempDir Path directory) {
        stores = TlsStores.createIn(directory);
    }

    @Test
    void usableStoresAreAccepted() {
        trust(stores.clientTrustStore(), TlsStores.PASSWORD);
        keys(stores.clientKeyStore(), TlsStores.PASSWORD);
        context.setSSLContextParameters(parameters);

        assertThat(RotationSettings.from(withProperties(Map.of()))).isNotNull();
    }

    @Test
    void missingStoreIsNamed() {
        Path missing = stores.directory().resolve("missing.p12");
        trust(missing, TlsStores.PASSWORD);
        keys(missing, TlsStores.PASSWORD);

        assertThat(problems())
                .hasSize(2)
                .anySatisfy(line -> assertThat(line)
                        .startsWith("camel.ssl.trust-store: '" + missing + "' cannot be used (")
                        .endsWith(")" + TRUSTED))
                .anySatisfy(line -> assertThat(line)
                        .startsWith("camel.ssl.key-store: '" + missing + "' cannot be used (")
                        .endsWith(")" + PRIVATE_KEY));
    }

    @Test
    @Tag("I6")
    void wrongPasswordIsReportedAndNotShown() {
        trust(stores.clientTrustStore(), "CANARY-of-a-wrong-one");
        keys(stores.clientKeyStore(), "CANARY-of-a-wrong-one");

        assertThat(problems())
                .hasSize(2)
                .anyMatch(line -> line.startsWith("camel.ssl.trust-store: "))
                .anyMatch(line -> line.startsWith("camel.ssl.key-store: "))
                .allMatch(line -> line.contains("password was incorrect"))
                .noneMatch(line -> line.contains("CANARY"));
    }

    @Test
    void fileThatIsNoStoreIsNamed() throws Exception {
        trust(
                Files.writeString(stores.directory().resolve("no-store"), "-----BEGIN CERTIFICATE-----"),
                TlsStores.PASSWORD);

        assertThat(problems()).singleElement().asString().startsWith("camel.ssl.trust-store: ");
    }

    @Test
    void storeWithoutWhatItIsForIsNamed() throws Exception {
        Path empty = stores.directory().resolve("empty.p12");
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        try (OutputStream file = Files.newOutputStream(empty)) {
            store.store(file, TlsStores.PASSWORD.toCharArray());
        }
        trust(empty, TlsStores.PASSWORD);
        keys(stores.clientTrustStore(), TlsStores.PASSWORD);

        assertThat(problems())
                .containsExactly(
                        "camel.ssl.trust-store: '" + empty + "' cannot be used (no certificate in it)" + TRUSTED,
                        "camel.ssl.key-store: '" + stores.clientTrustStore() + "' cannot be used (no private key in it)"
                                + PRIVATE_KEY);
    }

    @Test
    void storesWithoutTheSwitchOfCamelMainAreReported() {
        assertThat(problems(Map.of("camel.ssl.trust-store", "/a/store")))
                .containsExactly("camel.ssl.enabled: missing, expected true or false beside camel.ssl.trust-store");
        assertThat(RotationSettings.from(
                        withProperties(Map.of("camel.ssl.trust-store", "/a/store", "camel.ssl.enabled", "false"))))
                .isNotNull();
    }

    @Test
    void apiWithoutEncryptionNeedsNoStore() {
        trust(stores.directory().resolve("missing.p12"), TlsStores.PASSWORD);
        context.setSSLContextParameters(parameters);

        assertThat(RotationSettings.from(withProperties(Map.of("rotation.api.base-url", "http://localhost/v3"))))
                .isNotNull();
    }

    @Test
    void storesOfTheContextReachTheAdminClientAsTheyReachEndpoints() {
        trust(stores.directory().resolve("missing.p12"), TlsStores.PASSWORD);
        context.setSSLContextParameters(parameters);
        KafkaComponent kafka = context.getComponent("kafka", KafkaComponent.class);
        kafka.setUseGlobalSslContextParameters(true);
        kafka.getConfiguration().setSecurityProtocol("SSL");

        assertThat(problems(Map.of("rotation.api.base-url", "http://localhost/v3")))
                .singleElement()
                .asString()
                .startsWith("camel.component.kafka.");
    }

    private List<String> problems() {
        context.setSSLContextParameters(parameters);
        return problems(Map.of());
    }

    private List<String> problems(Map<String, String> properties) {
        CamelContext configured = withProperties(properties);
        return catchThrowableOfType(InvalidSettingsException.class, () -> RotationSettings.from(configured))
                .problems();
    }

    private CamelContext withProperties(Map<String, String> properties) {
        Properties initial = new Properties();
        initial.putAll(properties);
        initial.put("rotation.api.key", "k");
        context.getPropertiesComponent().setInitialProperties(initial);
        context.getComponent("kafka", KafkaComponent.class).getConfiguration().setBrokers("localhost:1");
        return context;
    }

    private void trust(Path file, String password) {
        TrustManagersParameters trust = new TrustManagersParameters();
        trust.setCamelContext(context);
        trust.setKeyStore(store(file, password));
        parameters.setCamelContext(context);
        parameters.setTrustManagers(trust);
    }

    private void keys(Path file, String password) {
        KeyManagersParameters keys = new KeyManagersParameters();
        keys.setCamelContext(context);
        keys.setKeyStore(store(file, password));
        keys.setKeyPassword(password);
        parameters.setCamelContext(context);
        parameters.setKeyManagers(keys);
    }

    private KeyStoreParameters store(Path file, String password) {
        KeyStoreParameters store = new KeyStoreParameters();
        store.setCamelContext(context);
        store.setResource(file.toString());
        store.setPassword(password);
        return store;
    }
}
