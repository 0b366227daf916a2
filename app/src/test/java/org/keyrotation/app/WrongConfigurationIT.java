package org.keyrotation.app;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.assertj.core.api.ThrowingConsumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.keyrotation.sandbox.Ports;

/**
 * A wrong configuration ends the packaged app with status 2 and one line for each problem: the property, the problem,
 * the expected value.
 */
@Execution(ExecutionMode.CONCURRENT)
class WrongConfigurationIT {

    private static final String CANARY = "CANARY-of-a-secret";

    private final Path directory;

    WrongConfigurationIT(@TempDir Path directory) {
        this.directory = directory;
    }

    @Test
    void brokersAndAuthenticationAreRequired() {
        assertThat(problemsOf(onAnyPort()))
                .containsExactly(
                        "camel.component.kafka.brokers: missing, expected a list of host:port (without Camel Main, set"
                                + " the brokers of the context's kafka component)",
                        "rotation.api.key: missing, expected an API key here or in the file of rotation.api.key-file, or"
                                + " both rotation.api.username and rotation.api.password, or either for each company"
                                + " under rotation.api.companies.<companyId>");
    }

    @Test
    void apiKeyAndUsernameAreMutuallyExclusive() {
        assertThat(problemsOf(good().property("rotation.api.username", CANARY)))
                .containsExactly(
                        "rotation.api.key: set together with a username or password, expected either a key, or a"
                                + " username and a password");
    }

    @Test
    void usernameAndPasswordRequireEachOther() throws IOException {
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
                        "rotation.api.password: missing, expected both a username and a password, or neither",
                        "rotation.api.companies.Acme.username: missing, expected both a username and a password,"
                                + " or neither",
                        "rotation.api.companies.Colon.username: invalid value (not shown), expected text without control"
                                + " characters and without a colon, as HTTP Basic requires",
                        "rotation.api.companies.Control.key: invalid value (not shown), expected printable ASCII"
                                + " characters without spaces");
    }

    @Test
    void fileOfAPropertyFunctionMustHaveText() throws IOException {
        Path empty = Files.writeString(directory.resolve("empty"), "\n");
        String ofKafka = "camel.component.kafka.sasl-jaas-config";
        Path config = Files.writeString(directory.resolve("properties"), ofKafka + "={{file:/no/such/file}}\n");
        assertThat(problemsOf(good().arguments("--config", config)))
                .containsExactly(ofKafka + ": the file '/no/such/file' cannot be read (NoSuchFileException), expected a"
                        + " readable UTF-8 file that is not empty");

        Files.writeString(config, "rotation.topics.keys={{file:%s}}\n".formatted(empty));
        assertThat(problemsOf(good().arguments("--config", config)))
                .containsExactly("rotation.topics.keys: the file '%s' is empty, expected a readable UTF-8 file that is"
                                .formatted(empty)
                        + " not empty");
    }

    @Test
    void baseUrlMustBeHttpsOrOnLoopback() {
        assertThat(problemsOf(good().property("rotation.api.base-url", "http://management-test.adyen.com/v3")))
                .containsExactly(
                        "rotation.api.base-url: invalid value 'http://management-test.adyen.com/v3', expected an https"
                                + " URL without user, query or fragment; http only for a loopback host");
    }

    @Test
    void allProblemsAreReportedAtOnce() {
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
                        wrong(
                                "rotation.api.connect-timeout",
                                "invalid value '5'",
                                "an ISO-8601 duration from PT0.1S to PT5M"),
                        wrong("rotation.api.response-timeout", "invalid value 'PT-1S'", "an ISO-8601 duration"),
                        wrong("rotation.api.max-in-flight", "invalid value '0'", "a whole number from 1 to 10000"),
                        wrong("rotation.topics.partitions", "invalid value 'many'", "a whole number from 1 to 10000"),
                        wrong("rotation.topics.replication-factor", "invalid value '0'", "a whole number from 1 to 99"),
                        wrong("rotation.topics.create", "invalid value 'yes'", "true or false"),
                        wrong(
                                "rotation.topics.requests",
                                "invalid value 'a topic'",
                                "a topic name of 1 to 249 letters"),
                        wrong("rotation.topics.keys", "empty", "a topic name of 1 to 249 letters"),
                        wrong("rotation.topics.failures", "invalid value 'xxx", "a topic name of 1 to 249 letters"),
                        wrong("rotation.kafka.group-id", "empty", "1 to 200 characters"),
                        wrong("rotation.overlap", "invalid value 'P1Y'", "an ISO-8601 duration"),
                        wrong(
                                "rotation.min-interval",
                                "invalid value 'PT2H'",
                                "at most rotation.schedule.interval, PT1H"),
                        wrong("rotation.schedule.enabled", "invalid value 'TRUE'", "true or false"),
                        wrong("rotation.schedule.window", "the window is open for PT30M", "a window of at least"),
                        wrong("rotation.retry.delays", "invalid value 'PT10S,soon'", "a comma-separated list"),
                        wrong(
                                "rotation.api.kye",
                                "unknown property",
                                "one of the configuration reference in app/README.md"),
                        wrong(
                                "rotation.unheard.of",
                                "unknown property",
                                "one of the configuration reference in app/README.md"));
    }

    @Test
    void scheduleRequiresValidTargets() {
        assertThat(problemsOf(good().property("rotation.schedule.enabled", true)))
                .satisfiesExactly(wrong("rotation.schedule.targets", "no target", "at least one"));
        assertThat(problemsOf(good().property("rotation.schedule.targets", "Acme/S2-1,,a b/c")))
                .satisfiesExactly(
                        wrong("rotation.schedule.targets", "entry ''", "companyId/apiCredentialId"),
                        wrong("rotation.schedule.targets", "entry 'a b/c'", "companyId/apiCredentialId"));
        assertThat(problemsOf(good().property("rotation.schedule.targets", "file:/nowhere")))
                .satisfiesExactly(wrong(
                        "rotation.schedule.targets", "the file /nowhere cannot be read", "a readable UTF-8 file"));
    }

    @Test
    void configFileMustBeReadable() throws IOException {
        Path notText = Files.write(directory.resolve("not-text"), new byte[] {'a', '=', (byte) 0xff, (byte) 0xfe});
        for (Object file : List.of(directory.resolve("missing"), directory, notText)) {
            assertThat(problemsOf(good().arguments("--config", file)))
                    .satisfiesExactly(wrong(
                            "configuration file '" + file + "'", "cannot be read", "a readable UTF-8 properties file"));
        }
        assertThat(problemsOf(good().arguments("--config", "")))
                .satisfiesExactly(wrong("configuration file ''", "cannot be read", "a readable UTF-8 properties file"));
        assertThat(problemsOf(good().environment("ROTATION_CONFIG", "/nowhere")))
                .satisfiesExactly(
                        wrong("configuration file '/nowhere'", "cannot be read", "a readable UTF-8 properties file"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    rotation.properties        | argument rotation.properties: unknown
                    --config                   | argument --config: missing value
                    --timeout                  | argument --timeout: missing value
                    --once --timeout 10m       | argument --timeout: invalid value '10m', expected an ISO-8601 duration
                    --once --timeout PT-1S     | argument --timeout: invalid value 'PT-1S', expected an ISO-8601 duration
                    --once --timeout P9999999D | argument --timeout: invalid value 'P9999999D', expected an ISO-8601 duration
                    run --timeout 10m          | argument --timeout: invalid value '10m', expected an ISO-8601 duration
                    --timeout PT1M             | argument --timeout: not supported without --once or --plan
                    --once --plan              | arguments --once, --plan: mutually exclusive
                    --config a --config b      | argument --config: given more than once
                    """)
    void invalidArgumentIsReportedWithTheReason(String arguments, String reason) {
        assertThat(problemsOf(good().arguments((Object[]) arguments.split(" "))))
                .singleElement()
                .asString()
                .startsWith(reason)
                .containsPattern("; see key-rotation( run)? --help$");
    }

    @Tag("I6")
    @Test
    void secretInAnArgumentIsNotPrinted() {
        String secret = "--rotation.api.key=" + CANARY;
        assertThat(problemsOf(good().arguments(secret)))
                .containsExactly(
                        "argument --rotation.api.key=...: unknown, or an option without its value; see key-rotation --help");
        assertThat(problemsOf(good().arguments("--config", secret)))
                .containsExactly(
                        "argument --config: missing value, or one that begins with '-'; see key-rotation --help");
    }

    @Test
    void wrongConfigurationOfACommandIsOneLine() {
        assertThat(problemsOf(good().property("rotation.topics.keys", "a b").arguments("status")))
                .singleElement()
                .asString()
                .startsWith("rotation.topics.keys: invalid value 'a b', expected ");
    }

    @Test
    void helpExitsWithZero() {
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
    void valueThatMayContainASecretIsNotPrinted() throws IOException {
        Path file = Files.writeString(directory.resolve("properties"), "rotation.api.key={{aws:" + CANARY + "/key}}");
        AppProcess.Launch launch = withBrokers()
                .arguments("--config", file)
                .property("rotation.api.base-url", "https://user:" + CANARY + "@host/v3")
                .property("rotation.topics.requests", "a\nb")
                .property("rotation.topics.keys", "same")
                .property("rotation.topics.failures", "same");
        assertThat(problemsOf(launch))
                .satisfiesExactlyInAnyOrder(
                        wrong("rotation.api.base-url: ", "invalid value (not shown)", "without user"),
                        wrong("rotation.api.key: ", "unresolvable placeholder", "with the modules"),
                        wrong("rotation.topics.requests: ", "invalid value 'a?b'", "a topic name"),
                        wrong("rotation.topics.failures: ", "topic 'same' is that of", "a topic of its own"));
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
    void invalidKafkaOptionIsReportedWithoutSecrets(String option, String value) throws IOException {
        Map<String, String> options = new TreeMap<>(Map.of(
                "brokers",
                "127.0.0.1:1",
                "security-protocol",
                "SASL_SSL",
                "sasl-mechanism",
                "PLAIN",
                "sasl-jaas-config",
                "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"u\" password=\"" + CANARY
                        + "\";"));
        options.put(option, value);
        String lines = options.entrySet().stream()
                .map(each -> "camel.component.kafka." + each.getKey() + "=" + each.getValue() + "\n")
                .collect(joining());
        Path file = Files.writeString(directory.resolve("properties"), lines);

        assertThat(problemsOf(
                        onAnyPort().environment("ROTATION_API_KEY", CANARY).arguments("--config", file)))
                .satisfiesExactly(wrong("camel.component.kafka." + option + ": ", "", ""));
    }

    @Test
    void staticMembershipIsRefusedWhateverWayItComes() {
        String property = "camel.component.kafka.additional-properties[group.instance.id]";

        assertThat(problemsOf(good().property(property, "static")))
                .satisfiesExactly(
                        wrong(property + ": ", "a restarted instance would pass for the one before", "unset"));
    }

    @Tag("I6")
    @Test
    void storeThatCannotBeUsedIsReportedWithoutItsPassword() {
        assertThat(problemsOf(good().property("camel.ssl.enabled", true)
                        .property("camel.ssl.trust-store", "/nowhere")
                        .property("camel.ssl.trust-store-password", CANARY)))
                .satisfiesExactly(wrong("camel.ssl.trust-store: ", "'/nowhere' cannot be used", "a store with"));
        assertThat(problemsOf(good().environment("CAMEL_SSL_KEY_STORE", "/nowhere")
                        .property("javax.net.ssl.trustStore", "/nowhere")))
                .satisfiesExactly(
                        wrong("camel.ssl.enabled: ", "missing", "true or false beside camel.ssl.key-store"),
                        wrong("javax.net.ssl.trustStore: ", "'/nowhere' cannot be used", "a store with"));
    }

    @Test
    void nameWithAnInvisibleCharacterIsReported() throws IOException {
        Path file = Files.writeString(
                directory.resolve("properties"),
                "\uFEFFrotation.overlap=PT24H\r\n\u00a0rotation.schedule.paused=true\r\n"
                        + "camel.component.kafka.\u200bclient-id=any");

        assertThat(problemsOf(good().property(" rotation.read-back", false).arguments("--config", file)))
                .satisfiesExactly(
                        wrong("camel.component.kafka.client-id: ", "invisible character U+200B", "without it"),
                        wrong("rotation.read-back: ", "invisible character U+0020", "without it"),
                        wrong("rotation.schedule.paused: ", "invisible character U+00A0", "without it"));
    }

    @ParameterizedTest
    @CsvSource({
        "ROTATION_API_PASSWORD, rotation.api.password",
        "CAMEL_COMPONENT_KAFKA_SASL_JAAS_CONFIG, CAMEL_COMPONENT_KAFKA_SASL_JAAS_CONFIG"
    })
    void variableThatTheLocaleCannotDecodeIsReported(String variable, String named) {
        AppProcess.Launch launch = withBrokers()
                .environment("ROTATION_API_USERNAME", "user")
                .environment("ROTATION_API_PASSWORD", "password")
                .environment("LC_ALL", "POSIX")
                .environmentBytes(variable, "p\\303\\244ss");

        assertThat(problemsOf(launch))
                .satisfiesExactly(wrong(named + ": ", "the locale of the process cannot decode it", "a UTF-8 locale"));
    }

    @Test
    void propertyThatOnlyTheJvmReadsIsRefusedInTheFile() throws IOException {
        Path file = Files.writeString(
                directory.resolve("properties"), "https.proxyHost=proxy\njavax.net.ssl.trustStorePassword=" + CANARY);
        assertThat(problemsOf(good().arguments("--config", file)))
                .containsExactly(
                        "https.proxyHost: no effect in the file, expected as an option of the JVM, -Dhttps.proxyHost",
                        "javax.net.ssl.trustStorePassword: no effect in the file, expected as an option of the"
                                + " JVM, -Djavax.net.ssl.trustStorePassword");
    }

    @Test
    void unknownKafkaOptionIsReported() {
        assertThat(problemsOf(good().property("camel.component.kafka.sasl-jaas-confg", CANARY)))
                .satisfiesExactly(wrong("camel.component.kafka.sasl-jaas-confg", "unknown to Camel", ""));
        assertThat(problemsOf(good().environment("CAMEL_COMPONENT_KAFKA_UNHEARD_OF", CANARY)))
                .satisfiesExactly(wrong("camel.component.kafka.unheard-of", "unknown to Camel", ""));
    }

    @Test
    void emptyValueIsReportedUnlessAnotherSourceOverridesIt() throws IOException {
        Path file = Files.writeString(
                directory.resolve("properties"), "camel.component.kafka.brokers=\ncamel.component.kafka.client-id=");
        AppProcess.Launch launch = good().environment("CAMEL_MANAGEMENT_PORT", "")
                .environment("CAMEL_MAIN_SHUTDOWN_TIMEOUT", " ")
                .arguments("--config", file);
        String problem = ": empty, expected a value that Camel documents (an optional property can be removed)";
        assertThat(problemsOf(launch))
                .containsExactly("CAMEL_MAIN_SHUTDOWN_TIMEOUT" + problem, "camel.component.kafka.client-id" + problem);

        Files.writeString(file, "camel.component.kafka.brokers=\nrotation.api.kye=" + CANARY);
        assertThat(problemsOf(good().environment("CAMEL_MANAGEMENT_PORT", "")
                        .environment("ROTATION_SCHEDULE_PAUSD", "true")
                        .arguments("--config", file)))
                .satisfiesExactly(
                        wrong("rotation.api.kye: ", "unknown property", "one of"),
                        wrong("ROTATION_SCHEDULE_PAUSD: ", "unknown environment variable", "that of a property"));
    }

    @ParameterizedTest
    @CsvSource({"web", "-1", "65536"})
    void managementPortMustBeAPort(String port) {
        assertThat(problemsOf(good().property("camel.management.port", port)))
                .satisfiesExactly(wrong("camel.management.port", "invalid value '" + port + "'", "a free port"));
    }

    @Test
    void managementPortMustBeFree() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = Integer.toString(taken.getLocalPort());
            assertThat(problemsOf(good().property("camel.management.port", port)))
                    .satisfiesExactly(wrong("camel.management.port: ", "port '" + port + "' is in use", "a free port"));
            assertThat(problemsOf(good().property("camel.management.port", port).property("rotation.api.kye", CANARY)))
                    .satisfiesExactly(
                            wrong("rotation.api.kye: ", "unknown property", "one of"),
                            wrong("camel.management.port: ", "port '" + port + "' is in use", "a free port"));
        }
    }

    @Test
    void settingsOfThePageAreValidatedBesideAllOthers() {
        AppProcess.Launch launch = good().property("rotation.page.port", 0)
                .property("rotation.page.prot", 9877)
                .property("rotation.page.host", "no host")
                .property("rotation.overlap", "24 hours")
                .environment("ROTATION_PAGE_ENABLED", "maybe")
                .environment("ROTATION_PAGE_PORT", "tcp://10.0.0.1:80") // of Kubernetes
                .environment("ROTATION_PAGE_SERVICE_HOST", "10.0.0.1");
        assertThat(problemsOf(launch))
                .satisfiesExactlyInAnyOrder(
                        wrong("rotation.overlap: ", "invalid value '24 hours'", "an ISO-8601 duration"),
                        wrong("rotation.page.enabled: ", "invalid value 'maybe'", "true or false"),
                        wrong("rotation.page.host: ", "invalid value 'no host'", "a host name or an IP address"),
                        wrong("rotation.page.port: ", "invalid value '0'", "a whole number from 1 to 65535"),
                        wrong("rotation.page.prot: ", "unknown property", "one of"));
    }

    @Test
    void addressOfThePageMustBeOneOfItsOwn() {
        AppProcess.Launch page = good().property("rotation.page.enabled", true);
        assertThat(problemsOf(page.property("rotation.page.host", "no-such-host.invalid")))
                .satisfiesExactly(wrong(
                        "rotation.page.host: ", "'no-such-host.invalid' cannot be resolved", "a name or an address"));
        String port = Integer.toString(Ports.free());
        assertThat(problemsOf(good().property("rotation.page.enabled", true)
                        .property("camel.management.port", port)
                        .environment("ROTATION_PAGE_PORT", port)))
                .satisfiesExactly(wrong(
                        "rotation.page.port: ", "port '" + port + "' is that of camel.management.port", "another one"));
    }

    @Test
    void portOfThePageMustBeFree() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = Integer.toString(taken.getLocalPort());
            assertThat(problemsOf(good().property("rotation.page.enabled", true).property("rotation.page.port", port)))
                    .satisfiesExactly(
                            wrong("rotation.page.port: ", "port '" + port + "' of 127.0.0.1 is in use", "a free port"));
        }
    }

    @Test
    void invalidLogFormatAndLevelAreReportedTogether() {
        AppProcess.Launch launch =
                good().property("rotation.log.format", "x\nml").environment("ROTATION_LOG_LEVEL", "LOUD");
        assertThat(problemsOf(launch))
                .satisfiesExactly(
                        wrong("rotation.log.format: ", "invalid value 'x?ml'", "one of [plain, json]"),
                        wrong(
                                "rotation.log.level: ",
                                "invalid value 'LOUD'",
                                "one of [TRACE, DEBUG, INFO, WARN, ERROR]"));
    }

    private static AppProcess.Launch good() {
        return withBrokers().environment("ROTATION_API_KEY", CANARY);
    }

    private static AppProcess.Launch withBrokers() {
        return onAnyPort().property("camel.component.kafka.brokers", "127.0.0.1:1");
    }

    /** Another test may use the default port. */
    private static AppProcess.Launch onAnyPort() {
        return AppProcess.packaged().property("camel.management.port", 0);
    }

    private static ThrowingConsumer<String> wrong(String property, String what, String allowed) {
        return line -> assertThat(line)
                .startsWith(property)
                .contains(what)
                .contains("expected ")
                .contains(allowed);
    }

    /** The lines on stderr without their common prefix. */
    private static List<String> problemsOf(AppProcess.Launch launch) {
        try (AppProcess app = launch.start()) {
            assertThat(app.exit()).as(app::toString).isEqualTo(2);
            assertThat(app.output())
                    .doesNotContain(CANARY)
                    .doesNotContain("\tat ")
                    .doesNotContain("Exception:");
            assertThat(app.errors()).allMatch(line -> line.matches("Wrong (configuration|usage): .*"));
            return app.errors()
                    .map(line -> line.replaceFirst("Wrong (configuration|usage): ", ""))
                    .toList();
        }
    }
}
