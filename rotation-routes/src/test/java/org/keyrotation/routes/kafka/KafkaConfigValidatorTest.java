package org.keyrotation.routes.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.camel.CamelContext;
import org.apache.camel.component.kafka.DefaultKafkaClientFactory;
import org.apache.camel.component.kafka.KafkaComponent;
import org.apache.camel.component.kafka.KafkaConfiguration;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PropertyBindingSupport;
import org.apache.camel.support.processor.state.MemoryStateRepository;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The validator checks the settings that Kafka's clients would have, whatever way they came. */
class KafkaConfigValidatorTest {

    private final CamelContext context = new DefaultCamelContext();
    private final KafkaComponent component = context.getComponent("kafka", KafkaComponent.class);

    @AfterEach
    void stop() {
        context.stop();
    }

    @Tag("I2")
    @Tag("I5")
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    group.instance.id    | host     | a restarted instance would pass for the one before, expected unset
                    group.protocol       | consumer | invalid value 'consumer', expected classic
                    group.protocol       | CONSUMER | invalid value 'CONSUMER', expected classic
                    transactional.id     | host     | the producers of the routes would fence each other, expected unset
                    max.poll.interval.ms | 44999    | invalid value '44999', expected at least session.timeout.ms
                    max.request.size     | 131071   | invalid value '131071', expected at least 131072
                    buffer.memory        | 131071   | invalid value '131071', expected at least 131072
                    linger.ms            | 20000    | invalid value '20000', expected at most 10000
                    compression.type     | brotli   | refused by Kafka's client (ConfigException), expected a value
                    """)
    void additionalPropertyThatAClientMustNotHaveIsRefused(String name, String value, String problem) {
        configuration().getAdditionalProperties().put(name, value);

        assertThat(problems())
                .singleElement()
                .asString()
                .startsWith("camel.component.kafka.additional-properties[" + name + "]: " + problem);
    }

    @Tag("I2")
    @Tag("I5")
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    groupInstanceId     | host   | group-instance-id
                    transactionalId     | host   | transactional-id
                    maxPollIntervalMs   | 44999  | max-poll-interval-ms
                    sessionTimeoutMs    | 300001 | max-poll-interval-ms
                    sessionTimeoutMs    | 2000   | session-timeout-ms
                    maxRequestSize      | 131071 | max-request-size
                    bufferMemorySize    | 131071 | buffer-memory-size
                    lingerMs            | 20000  | linger-ms
                    compressionCodec    | brotli | compression-codec
                    key                 | host   | key
                    partitionKey        | 1      | partition-key
                    topic               | host   | topic
                    seekTo              | END    | seek-to
                    """)
    void optionThatAClientMustNotHaveIsRefused(String option, String value, String named) {
        bind(configuration(), option, value);

        assertThat(problems()).singleElement().asString().startsWith("camel.component.kafka." + named + ": ");
    }

    @Test
    @Tag("I5")
    void offsetRepositoryIsRefused() {
        configuration().setOffsetRepository(new MemoryStateRepository());

        assertThat(problems())
                .containsExactly("camel.component.kafka.offset-repository: the consumers would start at its offsets,"
                        + " expected unset");
    }

    @Test
    @Tag("I6")
    void additionalPropertyThatTheLocaleCannotDecodeIsRefused() {
        configuration().getAdditionalProperties().put("ssl.keystore.key", "p\uFFFDss");

        assertThat(problems())
                .containsExactly(
                        "camel.component.kafka.additional-properties[ssl.keystore.key]: the locale of the process"
                                + " cannot decode it (U+FFFD), expected a UTF-8 locale, such as LC_ALL=C.UTF-8, or a value in"
                                + " a file");
    }

    @Test
    @Tag("I2")
    void configurationOfTheHostIsChecked() {
        KafkaConfiguration own = new KafkaConfiguration();
        own.setBrokers("localhost:1");
        own.setAdditionalProperties(Map.of("group.instance.id", "host"));
        component.setConfiguration(own);

        assertThat(new KafkaConfigValidator(context).problems())
                .singleElement()
                .asString()
                .startsWith("camel.component.kafka.additional-properties[group.instance.id]: ");
    }

    @Tag("I1")
    @ParameterizedTest
    @CsvSource({
        "retries, 3, 2147483647",
        "enable.idempotence, false, true",
        "partitioner.class, org.apache.kafka.clients.producer.RoundRobinPartitioner, unset",
        "transactional.id, host, unset",
        "isolation.level, read_uncommitted, read_committed"
    })
    void clientFactoryThatChangesASettingIsRefused(String name, String value, String expected) {
        configuration();
        component.setKafkaClientFactory(new ChangingClientFactory(name, value));

        assertThat(problems())
                .singleElement()
                .asString()
                .startsWith("camel.component.kafka.kafka-client-factory: ")
                .contains(name)
                .endsWith("expected " + expected);
    }

    @Test
    @Tag("I1")
    void clientFactoryWhoseSettingsKafkaRefusesIsRefused() {
        configuration();
        component.setKafkaClientFactory(new ChangingClientFactory("acks", "1"));

        assertThat(problems())
                .containsExactly("camel.component.kafka.kafka-client-factory: refused by Kafka's client"
                        + " (ConfigException), expected a factory that keeps the settings it is given");
    }

    @Test
    void clientFactoryThatKeepsTheSettingsIsAccepted() {
        configuration();
        component.setKafkaClientFactory(new ChangingClientFactory("client.id", "host"));

        assertThat(problems()).isEmpty();
    }

    private List<String> problems() {
        return new KafkaConfigValidator(context).problems();
    }

    private KafkaConfiguration configuration() {
        component.getConfiguration().setBrokers("localhost:1");
        return component.getConfiguration();
    }

    private void bind(KafkaConfiguration configuration, String option, String value) {
        PropertyBindingSupport.build()
                .withCamelContext(context)
                .withTarget(configuration)
                .withProperty(option, value)
                .bind();
    }

    /** A host's factory that makes its clients from a copy of the properties. */
    private static final class ChangingClientFactory extends DefaultKafkaClientFactory {

        private final String name;
        private final String value;

        ChangingClientFactory(String name, String value) {
            this.name = name;
            this.value = value;
        }

        @Override
        @SuppressWarnings("rawtypes") // as Camel declares it
        public Producer getProducer(Properties properties) {
            return super.getProducer(changed(properties));
        }

        @Override
        @SuppressWarnings("rawtypes") // as Camel declares it
        public Consumer getConsumer(Properties properties) {
            return super.getConsumer(changed(properties));
        }

        private Properties changed(Properties properties) {
            Properties changed = new Properties();
            changed.putAll(properties);
            changed.put(name, value);
            return changed;
        }
    }
}
