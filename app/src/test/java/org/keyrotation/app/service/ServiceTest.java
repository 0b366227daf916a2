package org.keyrotation.app.service;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.camel.component.kafka.KafkaComponent;
import org.apache.camel.component.kafka.KafkaConfiguration;
import org.apache.camel.main.Main;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The values that Camel's own components get from the sources of the app. */
class ServiceTest {

    private static final String PASSWORD = "a{{?b}}c#$%[d]\\{{e\\f";
    private static final String JAAS = "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"u\""
            + " password=\"" + PASSWORD.replace("\\", "\\\\") + "\";";

    private final Path directory;

    ServiceTest(@TempDir Path directory) {
        this.directory = directory;
    }

    @Test
    void valueOfTheEnvironmentIsLiteralWithoutWhiteSpaceAroundIt() throws Exception {
        KafkaConfiguration kafka = kafka(
                ConfigFile.none(),
                Map.of(
                        "CAMEL_COMPONENT_KAFKA_BROKERS", " localhost:1 ,\u00a0localhost:2\n",
                        "CAMEL_COMPONENT_KAFKA_SECURITY_PROTOCOL", "SASL_SSL ",
                        "CAMEL_COMPONENT_KAFKA_SASL_MECHANISM", "PLAIN\n",
                        "CAMEL_COMPONENT_KAFKA_SASL_JAAS_CONFIG", JAAS + "\n",
                        "CAMEL_COMPONENT_KAFKA_SSL_KEY_PASSWORD", PASSWORD,
                        "CAMEL_SSL_ENABLED", " false\n",
                        "CAMEL_MANAGEMENT_PORT", "0\n"));

        assertThat(kafka.getBrokers()).isEqualTo("localhost:1,localhost:2");
        assertThat(kafka.getSecurityProtocol()).isEqualTo("SASL_SSL");
        assertThat(kafka.getSaslJaasConfig()).isEqualTo(JAAS);
        assertThat(kafka.getSslKeyPassword()).isEqualTo(PASSWORD);
    }

    @Test
    void resultOfAPropertyFunctionOfTheFileIsLiteral() throws Exception {
        System.setProperty("test.service.jaas", JAAS + "\n");
        try {
            KafkaConfiguration kafka = kafka(
                    file(Map.of(
                            "camel.component.kafka.brokers", "localhost:1 , localhost:2",
                            "camel.component.kafka.security-protocol", "SASL_PLAINTEXT ",
                            "camel.component.kafka.sasl-mechanism", "PLAIN",
                            "camel.component.kafka.sasl-jaas-config", "{{sys:test.service.jaas}}",
                            "camel.component.kafka.ssl-key-password", "a\\{{?b}}c",
                            "camel.management.port", "0")),
                    Map.of());

            assertThat(kafka.getBrokers()).isEqualTo("localhost:1,localhost:2");
            assertThat(kafka.getSaslJaasConfig()).isEqualTo(JAAS);
            assertThat(kafka.getSslKeyPassword()).isEqualTo("a{{?b}}c");
        } finally {
            System.clearProperty("test.service.jaas");
        }
    }

    @Test
    void contentOfAFileIsLiteralWithoutWhiteSpaceAroundIt() throws Exception {
        Path jaas = Files.writeString(directory.resolve("sasl.jaas.config"), JAAS + "\n");
        Path password = Files.writeString(directory.resolve("password"), PASSWORD + "\r\n");
        KafkaConfiguration kafka = kafka(
                file(Map.of(
                        "camel.component.kafka.brokers",
                        "localhost:1",
                        "camel.component.kafka.sasl-jaas-config",
                        "{{file:%s}}".formatted(jaas),
                        "camel.component.kafka.ssl-key-password",
                        "<{{file:%s}}>".formatted(password),
                        "camel.management.port",
                        "0")),
                Map.of());

        assertThat(kafka.getSaslJaasConfig()).isEqualTo(JAAS);
        assertThat(kafka.getSslKeyPassword()).isEqualTo("<" + PASSWORD + ">");
    }

    @Test
    void systemPropertyIsLiteralWithoutWhiteSpaceAroundIt() throws Exception {
        System.setProperty("camel.component.kafka.ssl-keystore-password", PASSWORD + "\n");
        try {
            KafkaConfiguration kafka = kafka(
                    file(Map.of("camel.component.kafka.brokers", "localhost:1", "camel.management.port", "0")),
                    Map.of());

            assertThat(kafka.getSslKeystorePassword()).isEqualTo(PASSWORD);
        } finally {
            System.clearProperty("camel.component.kafka.ssl-keystore-password");
        }
    }

    private static KafkaConfiguration kafka(ConfigFile file, Map<String, String> environment) throws Exception {
        Main main = Service.createMain(file, environment);
        main.addOverrideProperty("rotation.api.key", "k");
        try {
            main.init();
            return main.getCamelContext()
                    .getComponent("kafka", KafkaComponent.class)
                    .getConfiguration();
        } finally {
            main.shutdown();
        }
    }

    private ConfigFile file(Map<String, String> properties) throws IOException {
        String text = properties.entrySet().stream()
                .map(property -> property.getKey() + "=" + property.getValue())
                .collect(joining("\n"));
        return ConfigFile.of(Files.writeString(directory.resolve("properties"), text), null);
    }
}
