package org.keyrotation.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowingConsumer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A wrong configuration ends the packaged app with status 2, and a line for each problem: the property, what is wrong, and
 * what is allowed.
 */
@Execution(ExecutionMode.CONCURRENT)
class WrongConfigurationIT {

    private static final String CANARY = "CANARY-of-a-secret";

    private final Path directory;

    WrongConfigurationIT(@TempDir Path directory) {
        this.directory = directory;
    }

    @Test
    void brokersAndASignInAreRequired() {
        assertThat(problemsOf(onAnyPort()))
                .containsExactly(
                        "camel.component.kafka.brokers: it is missing; allowed is a list of host:port (without Camel Main,"
                                + " brokers of the context's kafka component)",
                        "rotation.api.key: it is missing; allowed is an API key here, or both rotation.api.username and"
                                + " rotation.api.password, or either for each company under"
                                + " rotation.api.companies.<companyId>");
    }

    @Test
    void anApiKeyAndAUsernameExcludeEachOther() {
        assertThat(problemsOf(good().property("rotation.api.username", CANARY)))
                .containsExactly(
                        "rotation.api.key: it is set beside a username or password; allowed is either the one or the"
                                + " others");
    }

    @Test
    void aUsernameAndAPasswordGoTogether() throws IOException {
        Path file = Files.writeString(
                directory.resolve("properties"),
                """
                rotation.api.username=%1$s
                rotation.api.companies.Acme.password=%1$s
                rotation.api.companies.Colon.username=a:%1$s
                rotation.api.companies.Colon.password=%1$s
                rotation.api.companies.Control.key=%1$s\\u0007
                """
                        .formatted(CANARY));
        assertThat(problemsOf(withBrokers().arguments("--config", file)))
                .containsExactlyInAnyOrder(
                        "rotation.api.password: it is missing; allowed is both a username and a password, or neither",
                        "rotation.api.companies.Acme.username: it is missing; allowed is both a username and a password,"
                                + " or neither",
                        "rotation.api.companies.Colon.username: it has a colon; allowed is text without one, as HTTP"
                                + " Basic asks",
                        "rotation.api.companies.Control.key: its value cannot be used; allowed is printable ASCII"
                                + " characters without spaces");
    }

    @Test
    void theBaseUrlIsHttpsOrOnLoopback() {
        assertThat(problemsOf(good().property("rotation.api.base-url", "http://management-test.adyen.com/v3")))
                .containsExactly(
                        "rotation.api.base-url: it is 'http://management-test.adyen.com/v3'; allowed is an https"
                                + " URL without user, query or fragment; http only for a loopback host");
    }

    @Test
    void allProblemsAreToldAtOnce() {
        AppProcess.Launch launch = good().environment("ROTATION_API_CONNECT_TIMEOUT", "5")
                .environment("ROTATION_API_RESPONSE_TIMEOUT", "PT-1S")
                .environment("ROTATION_API_MAX_IN_FLIGHT", "0")
                .environment("ROTATION_TOPICS_PARTITIONS", "many")
                .environment("ROTATION_TOPICS_REPLICATION_FACTOR", "0")
                .environment("ROTATION_TOPICS_CREATE", "yes")
                .environment("ROTATION_TOPICS_REQUESTS", "a topic")
                .environment("ROTATION_TOPICS_KEYS", "")
                .environment("ROTATION_TOPICS_FAILURES", "x".repeat(250))
                .environment("ROTATION_KAFKA_GROUP_ID", " ")
                .environment("ROTATION_OVERLAP", "P1Y")
                .environment("ROTATION_MIN_INTERVAL", "PT2H")
                .environment("ROTATION_SCHEDULE_INTERVAL", "PT1H")
                .environment("ROTATION_SCHEDULE_ENABLED", "TRUE")
                .environment("ROTATION_SCHEDULE_WINDOW", "Mon 08:00-08:30 UTC")
                .environment("ROTATION_RETRY_DELAYS", "PT10S,soon")
                .property("rotation.api.kye", CANARY)
                .property("rotation.unheard.of", "1");
        assertThat(problemsOf(launch))
                .satisfiesExactlyInAnyOrder(
                        wrong("rotation.api.connect-timeout", "it is '5'", "an ISO-8601 duration from PT0.1S to PT5M"),
                        wrong("rotation.api.response-timeout", "it is 'PT-1S'", "an ISO-8601 duration"),
                        wrong("rotation.api.max-in-flight", "it is '0'", "a whole number from 1 to 10000"),
                        wrong("rotation.topics.partitions", "it is 'many'", "a whole number from 1 to 10000"),
                        wrong("rotation.topics.replication-factor", "it is '0'", "a whole number from 1 to 99"),
                        wrong("rotation.topics.create", "it is 'yes'", "true or false"),
                        wrong("rotation.topics.requests", "it is 'a topic'", "a topic name of 1 to 249 letters"),
                        wrong("rotation.topics.keys", "it is empty", "a topic name of 1 to 249 letters"),
                        wrong("rotation.topics.failures", "it is 'xxx", "a topic name of 1 to 249 letters"),
                        wrong("rotation.kafka.group-id", "it is empty", "1 to 200 characters"),
                        wrong("rotation.overlap", "it is 'P1Y'", "an ISO-8601 duration"),
                        wrong("rotation.min-interval", "it is PT2H", "at most rotation.schedule.interval, PT1H"),
                        wrong("rotation.schedule.enabled", "it is 'TRUE'", "true or false"),
                        wrong("rotation.schedule.window", "it is open for PT30M", "one of at least"),
                        wrong("rotation.retry.delays", "it is 'PT10S,soon'", "a comma-separated list"),
                        wrong("rotation.api.kye", "there is no such property", "one of the README's table"),
                        wrong("rotation.unheard.of", "there is no such property", "one of the README's table"));
    }

    @Test
    void aScheduleNeedsGoodTargets() {
        assertThat(problemsOf(good().property("rotation.schedule.enabled", true)))
                .satisfiesExactly(wrong("rotation.schedule.targets", "it has no target", "at least one"));
        assertThat(problemsOf(good().property("rotation.schedule.targets", "Acme/S2-1,,a b/c")))
                .satisfiesExactly(
                        wrong("rotation.schedule.targets", "entry ''", "companyId/apiCredentialId"),
                        wrong("rotation.schedule.targets", "entry 'a b/c'", "companyId/apiCredentialId"));
        assertThat(problemsOf(good().property("rotation.schedule.targets", "file:/nowhere")))
                .satisfiesExactly(wrong(
                        "rotation.schedule.targets", "the file /nowhere cannot be read", "a readable UTF-8 file"));
    }

    @Test
    void theConfigFileMustBeReadable() throws IOException {
        Path notText = Files.write(directory.resolve("not-text"), new byte[] {'a', '=', (byte) 0xff, (byte) 0xfe});
        for (Object file : List.of(directory.resolve("missing"), directory, notText)) {
            assertThat(problemsOf(good().arguments("--config", file)))
                    .satisfiesExactly(wrong("the file '" + file + "'", "cannot be read", "a readable UTF-8 file"));
        }
        assertThat(problemsOf(good().arguments("--config", "")))
                .satisfiesExactly(wrong("the file ''", "cannot be read", "a readable UTF-8 file"));
        assertThat(problemsOf(good().environment("ROTATION_CONFIG", "/nowhere")))
                .satisfiesExactly(wrong("the file '/nowhere'", "cannot be read", "a readable UTF-8 file"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    rotation.properties        | the argument rotation.properties is not known
                    --config                   | the argument --config is not complete
                    --timeout                  | the argument --timeout is not complete
                    --once --timeout 10m       | the argument --timeout has a value that cannot be used
                    --once --timeout PT-1S     | the argument --timeout is not from PT0S to PT720H
                    --once --timeout P9999999D | the argument --timeout is not from PT0S to PT720H
                    --timeout PT1M             | the argument --timeout is of no use without --once or --plan
                    --once --plan              | the arguments --once and --plan exclude each other
                    --config a --config b      | the argument --config is given twice
                    """)
    void anArgumentThatCannotBeUsedIsNamedWithTheReason(String arguments, String reason) {
        assertThat(problemsOf(good().arguments((Object[]) arguments.split(" "))))
                .singleElement()
                .asString()
                .startsWith(reason)
                .endsWith("; allowed is --config FILE, --once or --plan, --timeout DURATION (PT30M say), --help");
    }

    @Tag("I6")
    @Test
    @DisplayName("I6: a secret that is given as an argument is not shown")
    void aSecretThatIsGivenAsAnArgumentIsNotShown() {
        String secret = "--rotation.api.key=" + CANARY;
        assertThat(problemsOf(good().arguments(secret)))
                .satisfiesExactly(wrong("the argument --rotation.api.key=... ", "not known", "--config FILE"));
        assertThat(problemsOf(good().arguments("--config", secret)))
                .satisfiesExactly(wrong("the argument --config ", "needs a value has none", "--config FILE"));
    }

    @Test
    void askingForHelpIsNoMistake() {
        try (AppProcess app = AppProcess.packaged().arguments("--help").start()) {
            assertThat(app.exit()).isZero();
            assertThat(app.lines())
                    .anyMatch(line -> line.contains("--config=FILE"))
                    .anyMatch(line -> line.contains("--once"))
                    .anyMatch(line -> line.contains("--plan"));
        }
    }

    @Tag("I6")
    @Test
    @DisplayName("I6: a value that may hold a secret is told without it, and one with a line feed in one line")
    void aValueThatMayHoldASecretIsToldWithoutIt() {
        AppProcess.Launch launch = good().property("rotation.api.base-url", "https://user:" + CANARY + "@host/v3")
                .property("rotation.api.key", "{{aws:" + CANARY + "/key}}")
                .property("rotation.topics.requests", "a\nb")
                .property("rotation.topics.keys", "same")
                .property("rotation.topics.failures", "same");
        assertThat(problemsOf(launch))
                .satisfiesExactlyInAnyOrder(
                        wrong("rotation.api.base-url: ", "cannot be used", "without user"),
                        wrong("rotation.api.key: ", "its placeholder cannot be resolved", "with the modules"),
                        wrong("rotation.topics.requests: ", "it is 'a?b'", "a topic name"),
                        wrong("rotation.topics.failures: ", "'same' is another property's too", "a topic of its own"));
    }

    @Tag("I6")
    @ParameterizedTest(name = "I6: {0}={1}")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    security-protocol       | TLS
                    brokers                 | nonsense
                    brokers                 | host:99999
                    brokers                 | {{nope}}
                    sasl-jaas-config        | org.apache.kafka.PlainLoginModule requird password="CANARY-of-a-secret";
                    sasl-jaas-config        | org.apache.kafka.PlainLoginModul required password="CANARY-of-a-secret";
                    sasl-jaas-config        | a.PlainLoginModule required username="{{nope}}" password="CANARY-of-a-secret";
                    sasl-jaas-config        | a.PlainLoginModule required password="{{CANARY-of-a-secret";
                    ssl-truststore-location | /nowhere
                    ssl-key-password        | {{aws:CANARY-of-a-secret/key}}
                    """)
    void whatKafkaCannotUseIsNamedAndNoSecretShown(String option, String value) {
        assertThat(problemsOf(secured().property("camel.component.kafka." + option, value)))
                .satisfiesExactly(wrong("camel.component.kafka." + option + ": ", "", ""));
    }

    @Test
    void kafkaOptionsMustBeKnown() {
        assertThat(problemsOf(good().property("camel.component.kafka.sasl-jaas-confg", CANARY)))
                .satisfiesExactly(wrong("camel.component.kafka.sasl-jaas-confg", "Camel knows no such property", ""));
        assertThat(problemsOf(good().environment("CAMEL_COMPONENT_KAFKA_UNHEARD_OF", CANARY)))
                .satisfiesExactly(wrong("camel.component.kafka.unheard-of", "Camel knows no such property", ""));
    }

    @Test
    void whatIsEmptyIsNamedWhereverItComesFromUnlessSomethingComesBeforeIt() throws IOException {
        Path file = Files.writeString(
                directory.resolve("properties"), "camel.component.kafka.brokers=\ncamel.component.kafka.client-id=");
        AppProcess.Launch launch = good().environment("CAMEL_MANAGEMENT_PORT", "")
                .environment("CAMEL_MAIN_SHUTDOWN_TIMEOUT", " ")
                .arguments("--config", file);
        String problem = ": it is empty; allowed is a value that Camel documents; what is optional can be left out";
        assertThat(problemsOf(launch))
                .containsExactly("CAMEL_MAIN_SHUTDOWN_TIMEOUT" + problem, "camel.component.kafka.client-id" + problem);

        Files.writeString(file, "camel.component.kafka.brokers=\nrotation.api.kye=" + CANARY);
        assertThat(problemsOf(good().environment("CAMEL_MANAGEMENT_PORT", "").arguments("--config", file)))
                .satisfiesExactly(wrong("rotation.api.kye: ", "there is no such property", "one of"));
    }

    @ParameterizedTest
    @CsvSource({"web", "-1", "65536"})
    void theManagementPortIsAPort(String port) {
        assertThat(problemsOf(good().property("camel.management.port", port)))
                .satisfiesExactly(wrong("camel.management.port", "it is '" + port + "'", "a port"));
    }

    @Test
    void theManagementPortIsFree() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = Integer.toString(taken.getLocalPort());
            assertThat(problemsOf(good().property("camel.management.port", port)))
                    .satisfiesExactly(
                            wrong("camel.management.port: ", "listens on '" + port + "'", "a port that is free"));
            assertThat(problemsOf(good().property("camel.management.port", port).property("rotation.api.kye", CANARY)))
                    .satisfiesExactly(
                            wrong("rotation.api.kye: ", "there is no such property", "one of"),
                            wrong("camel.management.port: ", "listens on '" + port + "'", "a port that is free"));
        }
    }

    @Test
    void logFormatAndLevelHaveFewValuesAndBothAreTold() {
        AppProcess.Launch launch =
                good().property("rotation.log.format", "x\nml").environment("ROTATION_LOG_LEVEL", "LOUD");
        assertThat(problemsOf(launch))
                .satisfiesExactly(
                        wrong("rotation.log.format: ", "it is 'x?ml'", "one of [plain, json]"),
                        wrong("rotation.log.level: ", "it is 'LOUD'", "one of [TRACE, DEBUG, INFO, WARN, ERROR]"));
    }

    private static AppProcess.Launch good() {
        return withBrokers().environment("ROTATION_API_KEY", CANARY);
    }

    private static AppProcess.Launch withBrokers() {
        return onAnyPort().property("camel.component.kafka.brokers", "127.0.0.1:1");
    }

    /** Another test may have the usual one. */
    private static AppProcess.Launch onAnyPort() {
        return AppProcess.packaged().property("camel.management.port", 0);
    }

    /** With a password in its JAAS configuration. */
    private static AppProcess.Launch secured() {
        return good().property("camel.component.kafka.security-protocol", "SASL_SSL")
                .property("camel.component.kafka.sasl-mechanism", "PLAIN")
                .property(
                        "camel.component.kafka.sasl-jaas-config",
                        "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"u\" password=\""
                                + CANARY + "\";");
    }

    private static ThrowingConsumer<String> wrong(String property, String what, String allowed) {
        return line -> assertThat(line)
                .startsWith(property)
                .contains(what)
                .contains("allowed is")
                .contains(allowed);
    }

    /** The lines on stderr, without what they all begin with. */
    private static List<String> problemsOf(AppProcess.Launch launch) {
        try (AppProcess app = launch.start()) {
            assertThat(app.exit()).as(app::toString).isEqualTo(2);
            assertThat(app.written())
                    .doesNotContain(CANARY)
                    .doesNotContain("\tat ")
                    .doesNotContain("Exception:");
            assertThat(app.errors()).allMatch(line -> line.startsWith("Wrong configuration: "));
            Stream<String> lines = app.errors().map(line -> line.substring("Wrong configuration: ".length()));
            return lines.toList();
        }
    }
}
