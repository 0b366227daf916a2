package org.keyrotation.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.File;
import java.lang.reflect.Method;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.camel.CamelContext;
import org.apache.camel.component.kafka.KafkaComponent;
import org.apache.camel.component.kafka.KafkaConfiguration;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.spi.PropertiesFunction;
import org.apache.camel.support.PropertyBindingSupport;
import org.apache.camel.util.StringHelper;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.keyrotation.routes.api.ApiHttpClient;
import org.keyrotation.routes.camel.Prefix;
import org.keyrotation.routes.config.ApplicationCallbacks;
import org.keyrotation.routes.config.InvalidSettingsException;
import org.keyrotation.routes.config.PropertyFunctions;
import org.keyrotation.routes.startup.TopicSettings;

/** The defaults of the properties, and the problems of invalid values. */
class SettingsTest {

    private static final String CANARY = "CANARY-secret";

    @Test
    void defaultsMatchTheDocumentation() {
        RotationSettings settings = RotationSettings.of(Map.of("rotation.api.key", "k"));

        assertThat(settings.api().baseUrl()).isEqualTo(URI.create("https://management-test.adyen.com/v3"));
        assertThat(settings.api().connectTimeout()).isEqualTo(Duration.ofSeconds(5));
        assertThat(settings.api().responseTimeout()).isEqualTo(Duration.ofSeconds(15));
        assertThat(settings.api().maxInFlight()).isEqualTo(64);
        assertThat(settings.api().httpClient()).isEqualTo(ApiHttpClient.HTTP);
        assertThat(settings.rotate().activationDelay()).isEqualTo(Duration.ofMinutes(5));
        assertThat(settings.rotate().overlap()).isEqualTo(Duration.ofHours(24));
        assertThat(settings.intake().requestsTopic()).isEqualTo("rotation.requests");
        assertThat(settings.intake().groupId()).isEqualTo("key-rotation");
        assertThat(settings.publish().keysTopic()).isEqualTo("rotation.keys");
        assertThat(settings.publish().failuresTopic()).isEqualTo("rotation.failures");
        assertThat(settings.publish().satisfiedTopic()).isEqualTo("rotation.satisfied");
        assertThat(settings.topics()).isEqualTo(new TopicSettings(true, 8, null));
        assertThat(settings.schedule().enabled()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    rotation.api.base-url               | http://management-test.adyen.com/v3
                    rotation.api.base-url               | http://localhost.example.org/v3
                    rotation.api.base-url               | http://127.0.0.1.example.org/v3
                    rotation.api.base-url               | ftp://management-test.adyen.com/v3
                    rotation.api.base-url               | https://user@management-test.adyen.com/v3
                    rotation.api.base-url               | https://management-test.adyen.com/v3?a=b
                    rotation.api.base-url               | https://management-test.adyen.com/v3#a
                    rotation.api.base-url               | management-test.adyen.com
                    rotation.api.base-url               | https://
                    rotation.api.base-url               | 'no url'
                    rotation.api.connect-timeout        | 5s
                    rotation.api.connect-timeout        | PT0S
                    rotation.api.connect-timeout        | -PT5S
                    rotation.api.response-timeout       | PT1H
                    rotation.api.response-timeout       | ''
                    rotation.api.max-in-flight          | 0
                    rotation.api.max-in-flight          | many
                    rotation.api.max-in-flight          | 99999999999
                    rotation.api.requests-per-second    | -1
                    rotation.api.http-client            | VERTX_HTTP
                    rotation.api.http-client            | netty-http
                    rotation.activation-delay           | -PT1S
                    rotation.activation-delay           | P1Y
                    rotation.overlap                    | 24h
                    rotation.min-interval               | P91D
                    rotation.read-back                  | yes
                    rotation.retry.delays               | PT10S,later
                    rotation.retry.delays               | PT10S,PT0S
                    rotation.retry.give-up-after        | never
                    rotation.kafka.group-id             | ' '
                    rotation.topics.requests            | 'a topic'
                    rotation.topics.keys                | ''
                    rotation.topics.failures            | a/b
                    rotation.topics.satisfied           | a/b
                    rotation.topics.create              | TRUE
                    rotation.topics.partitions          | 0
                    rotation.topics.replication-factor  | 0
                    rotation.topics.replication-factor  | 99999
                    rotation.topics.acknowledgements    | a/b
                    rotation.drift                      | REPORT
                    rotation.drift                      | rotate
                    rotation.adoption.consumers         | a shop
                    rotation.schedule.enabled           | on
                    rotation.schedule.tick              | PT0.5S
                    rotation.schedule.interval          | PT0S
                    """)
    void invalidValueIsReportedWithItsPropertyAndTheExpectation(String property, String value) {
        List<String> problems = problems(Map.of("rotation.api.key", "k", property, value));

        assertThat(problems)
                .singleElement()
                .asString()
                .startsWith(property + ": ")
                .contains(", expected ");
        if (!value.isBlank() && !property.equals("rotation.min-interval") && !value.contains("@")) {
            assertThat(problems.get(0)).contains("'" + value + "'");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://localhost:8089/v3",
                "http://127.0.0.1/v3",
                "http://127.1.2.3:1",
                "http://[::1]:8089/v3",
                "https://management-live.adyen.com/v3",
                "https://10.0.0.1:8443"
            })
    void plainHttpIsForLoopbackOnly(String url) {
        Map<String, String> properties = Map.of("rotation.api.key", "k", "rotation.api.base-url", url);

        assertThatCode(() -> RotationSettings.of(properties)).doesNotThrowAnyException();
    }

    @Test
    void allProblemsAreReportedAtOnce() {
        List<String> problems = problems(Map.of(
                "rotation.api.base-url", "nowhere",
                "rotation.api.max-in-flight", "0",
                "rotation.overlap", "a day",
                "rotation.topics.create", "maybe",
                "rotation.typo", "1"));

        assertThat(problems).hasSize(6).allMatch(line -> line.lines().count() == 1);
        assertThat(problems)
                .extracting(line -> line.substring(0, line.indexOf(':')))
                .containsExactlyInAnyOrder(
                        "rotation.api.base-url",
                        "rotation.api.key",
                        "rotation.api.max-in-flight",
                        "rotation.overlap",
                        "rotation.topics.create",
                        "rotation.typo");
    }

    @Test
    void missingAuthNamesThePropertiesToSet() {
        assertThat(problems(Map.of())).singleElement().asString().startsWith("rotation.api.key: missing");
    }

    @Test
    void missingAuthIsReportedBesideOtherProblems() {
        assertThat(problems(Map.of("rotation.overlap", "a day")))
                .extracting(line -> line.substring(0, line.indexOf(':')))
                .containsExactlyInAnyOrder("rotation.overlap", "rotation.api.key");
    }

    @ParameterizedTest
    @CsvSource({
        "key, username",
        "key, password",
        "username,",
        "password,",
    })
    void authIsEitherAKeyOrAUsernameWithPassword(String first, String second) {
        Map<String, String> properties = new HashMap<>(Map.of("rotation.api." + first, CANARY));
        if (second != null) {
            properties.put("rotation.api." + second, CANARY);
        }

        assertThat(problems(properties)).singleElement().asString().startsWith("rotation.api.");
    }

    @Test
    void authOfACompanyIsValidatedToo() {
        assertThat(problems(Map.of("rotation.api.key", "k", "rotation.api.companies.OtherCorp.username", CANARY)))
                .singleElement()
                .asString()
                .startsWith("rotation.api.companies.OtherCorp.password: missing");
    }

    @ParameterizedTest
    @ValueSource(strings = {"rotation.api.companies.Other/Corp.key", "rotation.api.companies.OtherCorp.token"})
    void unknownCompanyPropertyIsRejected(String property) {
        assertThat(problems(Map.of("rotation.api.key", "k", property, CANARY)))
                .singleElement()
                .asString()
                .startsWith(property + ": unknown property");
    }

    @ParameterizedTest
    @ValueSource(strings = {"rotation.api.key", "rotation.api.username", "rotation.api.password"})
    @Tag("I6")
    void valueOfASecretIsNeverReported(String property) {
        for (String value : List.of(CANARY + "\n", CANARY + "\0", CANARY)) {
            Map<String, String> properties = Map.of(property, value, "rotation.overlap", "a day");

            assertThat(problems(properties).toString()).doesNotContain("CANARY");
        }
    }

    @Test
    @Tag("I6")
    void authDoesNotPrintItself() {
        RotationSettings settings = RotationSettings.of(Map.of(
                "rotation.api.key", CANARY,
                "rotation.api.companies.OtherCorp.username", CANARY,
                "rotation.api.companies.OtherCorp.password", CANARY));

        assertThat(settings.toString()).doesNotContain("CANARY").doesNotContain("Basic ");
    }

    @Test
    void scheduleNeedsTargets() {
        Map<String, String> noTargets = Map.of("rotation.api.key", "k", "rotation.schedule.enabled", "true");
        assertThat(problems(noTargets)).singleElement().asString().startsWith("rotation.schedule.targets: no target");
    }

    @Test
    void invalidTargetCompanyOrExclusionIsNamed() {
        assertThat(problems(scheduled("targets", "AcmeCorp/S2-1,,a b/c")))
                .hasSize(2)
                .anyMatch(line -> line.contains("entry ''"))
                .anyMatch(line -> line.contains("entry 'a b/c'"));
        assertThat(problems(scheduled("companies", "AcmeCorp,Other Corp")))
                .singleElement()
                .asString()
                .startsWith("rotation.schedule.companies: invalid entry 'Other Corp'");
        assertThat(problems(scheduled("exclude", "S2-1,S2-[")))
                .singleElement()
                .asString()
                .startsWith("rotation.schedule.exclude: invalid entry 'S2-['");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    08:00-16:00                      | invalid value '08:00-16:00'
                    Mon-Thu 8-16 Europe/Amsterdam    | invalid value 'Mon-Thu 8-16 Europe/Amsterdam'
                    Mon-Thu 08:00-25:00 UTC          | invalid time '25:00'
                    Mon-Don 08:00-16:00 UTC          | invalid day 'Don'
                    Mon-Tue-Wed 08:00-16:00 UTC      | invalid range of days 'Mon-Tue-Wed'
                    Mon 08:00-16:00 Europe/Amsterdan | unknown time zone 'Europe/Amsterdan'
                    Mon 08:00-16:00 +01:00           | unknown time zone '+01:00'
                    Mon 08:00-08:00 UTC              | the window never opens
                    Mon 08:00-08:30 UTC              | the window is open for PT30M, which a tick may miss
                    """)
    void invalidWindowIsRejectedWithItsReason(String window, String reason) {
        assertThat(problems(scheduled("window", window)))
                .singleElement()
                .asString()
                .startsWith("rotation.schedule.window: " + reason)
                .contains(", expected ");
    }

    @Test
    void spreadShorterThanTwoTicksIsRejected() {
        assertThat(problems(scheduled("spread", "PT90M")))
                .singleElement()
                .asString()
                .startsWith("rotation.schedule.spread: invalid value PT1H30M")
                .endsWith("PT0S for no spread, or at least two times rotation.schedule.tick, PT2H");
    }

    @Test
    void firstRotationIsAfterIntervalOrNow() {
        assertThat(problems(scheduled("first-rotation", "at-once")))
                .singleElement()
                .isEqualTo(
                        "rotation.schedule.first-rotation: invalid value 'at-once', expected after-interval, or now");
    }

    @ParameterizedTest
    @CsvSource({
        "rotation.topics.keys, rotation.requests",
        "rotation.topics.failures, rotation.keys",
        "rotation.topics.satisfied, rotation.failures",
        "rotation.topics.ledger, rotation.failures",
        "rotation.topics.requests, rotation.requests.retry.2",
    })
    void propertiesCannotShareATopic(String property, String topic) {
        assertThat(problems(Map.of("rotation.api.key", "k", property, topic)))
                .singleElement()
                .asString()
                .contains("topic '" + topic + "' is that of ");
    }

    @Test
    @Tag("I6")
    void secretInAnInvalidValueIsNotReported() {
        List<String> problems = problems(Map.of(
                "rotation.api.base-url", "https://user:" + CANARY + "@host/v3", "rotation.api.key", CANARY + " é"));

        assertThat(problems).hasSize(2).noneMatch(line -> line.contains(CANARY));
    }

    @Test
    void problemIsOneLineWhateverTheValue() {
        assertThat(problems(Map.of("rotation.api.key", "k", "rotation.overlap", "a\nday")))
                .singleElement()
                .asString()
                .contains("invalid value 'a?day'");
    }

    @Test
    @Tag("I6")
    void vaultFunctionWithoutItsModuleIsRejected() {
        CamelContext context = new DefaultCamelContext();
        Properties given = new Properties();
        given.putAll(Map.of("rotation.api.key", "{{aws:rotation/key}}"));
        context.getPropertiesComponent().setInitialProperties(given);
        context.getComponent("kafka", KafkaComponent.class).getConfiguration().setBrokers("localhost:1");

        assertThatThrownBy(() -> RotationSettings.from(context))
                .isInstanceOf(InvalidSettingsException.class)
                .hasMessageContaining("rotation.api.key: unresolvable placeholder");
    }

    @Test
    @Tag("I6")
    void vaultFunctionInAKafkaPropertyIsRejectedToo() {
        CamelContext context = new DefaultCamelContext();
        Properties given = new Properties();
        given.putAll(Map.of("rotation.api.key", "k", "camel.component.kafka.sslKeyPassword", "{{aws:the/path}}"));
        context.getPropertiesComponent().setInitialProperties(given);
        context.getComponent("kafka", KafkaComponent.class).getConfiguration().setBrokers("localhost:1");

        assertThatThrownBy(() -> RotationSettings.from(context))
                .isInstanceOf(InvalidSettingsException.class)
                .hasMessageStartingWith("camel.component.kafka.sslKeyPassword: unresolvable placeholder")
                .hasMessageNotContaining("the/path");
    }

    @Test
    @Tag("I6")
    void kafkaOptionThatTheLocaleCannotDecodeIsRejected() {
        CamelContext context = new DefaultCamelContext();
        Properties given = new Properties();
        given.putAll(Map.of("rotation.api.key", "k"));
        context.getPropertiesComponent().setInitialProperties(given);
        KafkaComponent kafka = context.getComponent("kafka", KafkaComponent.class);
        kafka.getConfiguration().setBrokers("localhost:1");
        kafka.getConfiguration().setSslKeyPassword("p\uFFFDss");

        assertThatThrownBy(() -> RotationSettings.from(context))
                .isInstanceOf(InvalidSettingsException.class)
                .hasMessageStartingWith(
                        "camel.component.kafka.ssl-key-password: the locale of the process cannot decode")
                .hasMessageNotContaining("\uFFFDss");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    securityProtocol | TLS        | security-protocol
                    brokers          | nonsense   | brokers
                    brokers          | host:99999 | brokers
                    """)
    void settingsThatKafkaRejectsStopTheStart(String option, String value, String named) {
        CamelContext context = contextWith(option, value);

        assertThatThrownBy(() -> RotationSettings.from(context))
                .isInstanceOf(InvalidSettingsException.class)
                .hasMessageStartingWith("camel.component.kafka." + named + ": refused by Kafka's client");
    }

    @ParameterizedTest
    @CsvSource({"key, host", "partitionKey, 1", "topic, host", "groupInstanceId, host"})
    void hostOptionsThatWouldSpoilRecordsStopTheStart(String option, String value) {
        CamelContext context = contextWith(option, value);

        assertThatThrownBy(() -> RotationSettings.from(context))
                .isInstanceOf(InvalidSettingsException.class)
                .hasMessageContaining("camel.component.kafka." + StringHelper.camelCaseToDash(option) + ": ");
    }

    @Test
    void missingTargetsFileIsNamed() {
        assertThat(problems(scheduled("targets", "file:/nowhere/targets")))
                .isNotEmpty()
                .first()
                .asString()
                .contains("the file /nowhere/targets cannot be read");
    }

    @Test
    void minIntervalIsTheOverlapAndAtMostTheScheduleInterval() {
        Map<String, String> properties =
                Map.of("rotation.api.key", "k", "rotation.overlap", "P2D", "rotation.schedule.interval", "P1D");

        assertThat(problems(properties))
                .singleElement()
                .asString()
                .startsWith("rotation.min-interval: invalid value 'PT48H', expected at most rotation.schedule.interval,"
                        + " PT24H");
    }

    @Test
    void contextPropertiesAreReadAndPlaceholdersResolved() {
        Properties given = new Properties();
        given.putAll(Map.of("rotation.api.key", "{{the.key}}", "the.key", "k", "rotation.overlap", "PT12H"));
        CamelContext context = new DefaultCamelContext();
        context.getPropertiesComponent().setInitialProperties(given);
        context.getComponent("kafka", KafkaComponent.class).getConfiguration().setBrokers("localhost:1");

        RotationSettings settings = RotationSettings.from(context);

        assertThat(settings.rotate().overlap()).isEqualTo(Duration.ofHours(12));
        assertThat(settings.api().auth()).isNotNull();
    }

    @Test
    void brokersAreRequired() {
        InvalidSettingsException e = catchThrowableOfType(
                InvalidSettingsException.class, () -> RotationSettings.from(new DefaultCamelContext()));

        assertThat(e.problems()).anyMatch(line -> line.startsWith("camel.component.kafka.brokers: missing"));
        assertThat(e.problems()).anyMatch(line -> line.startsWith("rotation.api.key: missing"));
    }

    @Test
    void invalidTargetIsOneProblem() {
        assertThat(problems(scheduled("targets", "AcmeCorp")))
                .singleElement()
                .asString()
                .startsWith("rotation.schedule.targets: invalid entry 'AcmeCorp'");
        assertThat(problems(scheduled("targets", "")))
                .singleElement()
                .asString()
                .startsWith("rotation.schedule.targets: empty");
    }

    @Test
    void invalidPasswordIsOneProblem() {
        assertThat(problems(Map.of("rotation.api.username", "u", "rotation.api.password", "a\0b")))
                .singleElement()
                .asString()
                .startsWith("rotation.api.password: invalid value (not shown)");
    }

    @Test
    void whiteSpaceAroundAValueIsNoPartOfIt() {
        RotationSettings settings = RotationSettings.of(Map.of(
                "rotation.api.key", "k",
                "rotation.overlap", "PT12H\u2003",
                "rotation.retry.delays", "PT1S\u00a0,\u2009PT2S\n",
                "rotation.kafka.group-id", "group\n",
                "rotation.topics.keys", "\tkeys\u2028",
                "rotation.schedule.enabled", "true\u202f",
                "rotation.schedule.companies", "AcmeCorp\u00a0,\u2003OtherCorp",
                "rotation.schedule.window", "\u00a0Mon 08:00-16:00 UTC\u0085"));

        assertThat(settings.rotate().overlap()).isEqualTo(Duration.ofHours(12));
        assertThat(settings.retry().topics()).hasSize(2);
        assertThat(settings.intake().groupId()).isEqualTo("group");
        assertThat(settings.publish().keysTopic()).isEqualTo("keys");
        assertThat(settings.schedule().companies()).containsExactly("AcmeCorp", "OtherCorp");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\uFEFF", "\u200B", "\u00A0", "\u2060", "\u3000", "\u00AD", "\u2800", "\u0007", " "})
    void nameWithAnInvisibleCharacterStopsTheStart(String character) {
        String codePoint = "U+%04X".formatted((int) character.charAt(0));
        for (String name :
                List.of("%srotation.schedule.paused", "rotation.%sschedule.paused", "rotation.schedule.paused%s")) {
            List<String> problems = problems(Map.of("rotation.api.key", "k", name.formatted(character), "true"));

            assertThat(problems)
                    .containsExactly("rotation.schedule.paused: the name holds the invisible character " + codePoint
                            + ", expected the name without it");
        }
    }

    @Test
    void invisibleCharacterInANameOfTheContextStopsTheStart() {
        CamelContext context = contextWith("clientId", "any");
        Properties given = new Properties();
        given.putAll(Map.of(
                "mine.api.key",
                "k",
                "\uFEFFmine.schedule.paused",
                "true",
                "camel.component.kafka.\u200bclient-id",
                "any"));
        context.getPropertiesComponent().setInitialProperties(given);
        System.setProperty("mine.overlap\u00a0", "PT1H");
        try {
            assertThatThrownBy(() -> RotationSettings.read(context, new Prefix("mine"), ApplicationCallbacks.NONE))
                    .isInstanceOf(InvalidSettingsException.class)
                    .hasMessageContaining("mine.schedule.paused: the name holds the invisible character U+FEFF")
                    .hasMessageContaining("mine.overlap: the name holds the invisible character U+00A0")
                    .hasMessageContaining(
                            "camel.component.kafka.client-id: the name holds the invisible character U+200B");
        } finally {
            System.clearProperty("mine.overlap\u00a0");
        }
    }

    @Test
    void invisibleCharacterInAValueIsShown() {
        assertThat(problems(scheduled("targets", "AcmeCorp/S2-1\u200b")))
                .singleElement()
                .asString()
                .contains("invalid entry 'AcmeCorp/S2-1<U+200B>'");
        assertThat(problems(scheduled("exclude", "S2-1\u2028rotation.schedule.paused=true")))
                .singleElement()
                .asString()
                .contains("invalid entry 'S2-1<U+2028>rotation");
        assertThat(problems(Map.of("rotation.api.key", "\uFEFFk"))).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"rotation.api.password", "rotation.kafka.group-id"})
    void valueThatTheLocaleCannotDecodeStopsTheStart(String property) {
        Map<String, String> properties =
                new HashMap<>(Map.of("rotation.api.username", "u", "rotation.api.password", "p"));
        properties.put(property, "p\uFFFD\uFFFD");

        assertThat(problems(properties))
                .containsExactly(
                        property + ": the locale of the process cannot decode it (U+FFFD), expected a UTF-8 locale,"
                                + " such as LC_ALL=C.UTF-8, or a value in a file");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    a\\{{b}}c           | a{{b}}c
                    a\\{{vault:any}}    | a{{vault:any}}
                    \\{{{{vault:any}}}} | {{result}}
                    \\\\{{vault:any}}   | \\result
                    a}}b                | a}}b
                    {{no.such:default}} | default
                    a{{?no.such}}b      | ab
                    """)
    void backslashEscapesAPlaceholder(String value, String expected) {
        CamelContext context = contextWithFunction("result");
        context.getPropertiesComponent().addInitialProperty("rotation.api.key", "k");
        context.getPropertiesComponent().addInitialProperty("rotation.kafka.group-id", value);

        assertThat(RotationSettings.from(context).intake().groupId()).isEqualTo(expected);
        assertThat(PropertyFunctions.resolve(context, PropertyFunctions.escape(value)))
                .isEqualTo(value);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{{", "a{{b", "{{no.such}}", "{{rotation.kafka.group-id}}", "{{env:NO_SUCH_VARIABLE}}"})
    void unresolvablePlaceholderStopsTheStart(String value) {
        CamelContext context = contextWithFunction("any");
        context.getPropertiesComponent().addInitialProperty("rotation.api.key", "k");
        context.getPropertiesComponent().addInitialProperty("rotation.kafka.group-id", value);

        assertThatThrownBy(() -> RotationSettings.from(context))
                .hasMessageStartingWith("rotation.kafka.group-id: unresolvable placeholder");
    }

    @Test
    void systemPropertyIsLiteral() {
        System.setProperty("literal.kafka.group-id", "a{{?b}}c");
        try {
            CamelContext context = contextWithFunction("any");
            context.getPropertiesComponent().addInitialProperty("literal.api.key", "k");

            assertThat(RotationSettings.read(context, new Prefix("literal"), ApplicationCallbacks.NONE)
                            .intake()
                            .groupId())
                    .isEqualTo("a{{?b}}c");
        } finally {
            System.clearProperty("literal.kafka.group-id");
        }
    }

    @Test
    void whiteSpaceAroundAnOptionOfTheKafkaComponentIsNoPartOfIt() {
        CamelContext context = contextWith("securityProtocol", "SASL_PLAINTEXT ");
        KafkaConfiguration kafka =
                context.getComponent("kafka", KafkaComponent.class).getConfiguration();
        kafka.setBrokers("localhost:1\u00a0,\tlocalhost:2\n");
        kafka.setSaslMechanism("PLAIN\n");
        kafka.setSaslJaasConfig("org.apache.kafka.common.security.plain.PlainLoginModule required username=\"u\""
                + " password=\"p\";\n");
        kafka.setAdditionalProperties(Map.of("metadata.max.age.ms", " 1000\n"));
        context.getPropertiesComponent().addInitialProperty("rotation.api.key", "k");

        assertThatCode(() -> RotationSettings.from(context)).doesNotThrowAnyException();

        assertThat(kafka.getBrokers()).isEqualTo("localhost:1,localhost:2");
        assertThat(kafka.getSecurityProtocol()).isEqualTo("SASL_PLAINTEXT");
        assertThat(kafka.createConsumerProperties())
                .containsEntry("sasl.mechanism", "PLAIN")
                .containsEntry("metadata.max.age.ms", "1000")
                .hasEntrySatisfying(
                        "sasl.jaas.config", jaas -> assertThat(jaas.toString()).endsWith(";"));
    }

    private static CamelContext contextWithFunction(String result) {
        CamelContext context = contextWith("clientId", "any");
        context.getPropertiesComponent().addPropertiesFunction(new PropertiesFunction() {
            @Override
            public String getName() {
                return "vault";
            }

            @Override
            public String apply(String remainder) {
                return result;
            }
        });
        return context;
    }

    private static Map<String, String> scheduled(String property, String value) {
        Map<String, String> properties = new HashMap<>(Map.of(
                "rotation.api.key", "k",
                "rotation.schedule.enabled", "true",
                "rotation.schedule.targets", "AcmeCorp/S2-1"));
        properties.put("rotation.schedule." + property, value);
        return properties;
    }

    /** A context whose kafka component has brokers and this option. */
    private static CamelContext contextWith(String option, String value) {
        CamelContext context = new DefaultCamelContext();
        KafkaComponent kafka = context.getComponent("kafka", KafkaComponent.class);
        kafka.getConfiguration().setBrokers("localhost:1");
        PropertyBindingSupport.build()
                .withCamelContext(context)
                .withTarget(kafka.getConfiguration())
                .withProperty(option, value)
                .bind();
        return context;
    }

    private static List<String> problems(Map<String, String> properties) {
        return catchThrowableOfType(InvalidSettingsException.class, () -> RotationSettings.of(properties))
                .problems();
    }

    @Test
    void vertxHttpWithoutItsModuleIsOneProblemThatNamesTheModule() throws Exception {
        try (URLClassLoader host = classPathWithout("camel-vertx-http")) {
            Method of = host.loadClass(RotationSettings.class.getName()).getMethod("of", Map.class);
            Map<String, String> properties = Map.of("rotation.api.key", "k", "rotation.api.http-client", "vertx-http");

            assertThatThrownBy(() -> of.invoke(null, properties))
                    .cause()
                    .hasMessage(
                            "rotation.api.http-client: 'vertx-http' is not on the class path, expected the dependency"
                                    + " org.apache.camel:camel-vertx-http, or http");
        }
    }

    private static URLClassLoader classPathWithout(String module) throws MalformedURLException {
        List<URL> urls = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            if (!entry.contains(module)) {
                urls.add(Path.of(entry).toUri().toURL());
            }
        }
        return new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
    }
}
