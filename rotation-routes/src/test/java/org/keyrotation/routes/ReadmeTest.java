package org.keyrotation.routes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.keyrotation.model.FailureCode;
import org.keyrotation.model.Json;
import org.keyrotation.routes.config.ApplicationCallbacks;
import org.keyrotation.routes.config.SettingsReader;

/** The tables and snippets of the READMEs agree with the code. */
class ReadmeTest {

    private static final Path ROOT = Path.of("..");
    private static final Pattern LOGGER = Pattern.compile("<logger name=\"([^\"]+)\" level=\"([^\"]+)\"/>");
    private static final String GUARDED = "${rotation.log.level.guarded:-INFO}";

    private final Markdown root = Markdown.read(ROOT.resolve("README.md"));
    private final Markdown model = Markdown.read(ROOT.resolve("rotation-model/README.md"));
    private final Markdown routes = Markdown.read(Readme.PATH);
    private final Markdown app = Markdown.read(ROOT.resolve("app/README.md"));

    @Test
    void configurationReferenceHasEachPropertyWithItsDefault() {
        assertThat(documentedProperties()).isEqualTo(knownProperties());
    }

    /** The brokers are Camel's own property, and so not in the tables. The service has an HTTP client of its own choice. */
    @Test
    void configurationFileOfTheDistributionHasEachPropertyOfTheReferenceCommentedOut() throws IOException {
        Map<String, String> expected = new TreeMap<>(referenceProperties());
        expected.put("camel.component.kafka.brokers", "");
        expected.put("rotation.api.http-client", "vertx-http");
        String file = Files.readString(ROOT.resolve("app/src/main/dist/conf/rotation.properties"));

        assertThat(Readme.parse(file)).isEmpty();
        assertThat(Readme.parse(file.replaceAll("(?m)^#(?=\\S)", ""))).isEqualTo(expected);
    }

    @Test
    void snippetsUseKnownPropertiesOnly() {
        Set<String> known = documentedProperties().keySet();
        Stream<String> used = Stream.of(root, model, routes, app)
                .flatMap(readme -> readme.code("properties").stream())
                .flatMap(block -> Readme.parse(block).keySet().stream())
                .filter(name -> name.startsWith("rotation."));

        assertThat(used).isNotEmpty().allMatch(known::contains);
    }

    @Test
    void failureCodesAreComplete() {
        assertThat(firstCells(model.section("Failure codes")))
                .containsExactlyInAnyOrderElementsOf(
                        Arrays.stream(FailureCode.values()).map(Enum::name).toList());
    }

    @ParameterizedTest
    @CsvSource({
        "A request, rotation-request",
        "A new key, client-key-rotated",
        "A failure, rotation-failed",
        "A satisfied request, request-satisfied"
    })
    void messageTablesHaveEachFieldOfTheirSchema(String heading, String schema) throws IOException {
        JsonNode json = Json.mapper()
                .readTree(ROOT.resolve(
                                "rotation-model/src/main/resources/org/keyrotation/model/" + schema + ".schema.json")
                        .toFile());
        Set<String> required = new TreeSet<>();
        json.path("required").forEach(field -> required.add(field.textValue()));
        Map<String, String> expected = new TreeMap<>();
        json.path("properties")
                .fieldNames()
                .forEachRemaining(field -> expected.put(field, required.contains(field) ? "yes" : "no"));

        assertThat(model.section(heading).rows().stream()
                        .collect(Collectors.toMap(row -> row.get(0), row -> row.get(1))))
                .isEqualTo(expected);
    }

    /** Whitespace does not count: the formatter breaks lines of the sources, and not of the READMEs. */
    @Test
    void javaSnippetsAreCompiled() throws IOException {
        List<String> sources = exampleSources();

        assertThat(Stream.of(root, model, routes, app).flatMap(readme -> readme.code("java").stream()))
                .isNotEmpty()
                .map(block -> block.replaceAll("\\s", ""))
                .allSatisfy(block -> assertThat(sources).anyMatch(source -> source.contains(block)));
    }

    @Test
    void pomsNameTheVersionsOfTheRootPom() throws IOException {
        String pom = Files.readString(ROOT.resolve("pom.xml"));
        Map<String, String> versions = Map.of(
                "org.keyrotation", firstMatch(pom, "<version>(.+)</version>"),
                "org.apache.camel", firstMatch(pom, "<camel\\.version>(.+)</camel"),
                "org.apache.camel.springboot", firstMatch(pom, "<camel\\.spring-boot\\.version>(.+)</camel"),
                "org.springframework.boot", firstMatch(pom, "<spring-boot\\.version>(.+)</spring"),
                "ch.qos.logback", firstMatch(pom, "<logback\\.version>(.+)</logback"));
        List<MatchResult> versioned =
                pomSnippets("<groupId>(.+)</groupId>\\s*<artifactId>.+</artifactId>\\s*<version>(.+)</version>");

        assertThat(versioned)
                .filteredOn(artifact -> !artifact.group(1).equals("com.example"))
                .hasSizeGreaterThan(8)
                .allSatisfy(artifact -> assertThat(artifact.group(2)).isEqualTo(versions.get(artifact.group(1))));
    }

    @Test
    void pomsNameDependenciesOfTheProject() throws IOException {
        String poms = "";
        for (String pom : List.of("pom.xml", "rotation-routes/pom.xml", "app/pom.xml")) {
            poms += Files.readString(ROOT.resolve(pom));
        }
        List<MatchResult> managed = pomSnippets(
                "<dependency>\\s*<groupId>(.+)</groupId>\\s*<artifactId>(.+)</artifactId>\\s*</dependency>");

        assertThat(managed)
                .hasSizeGreaterThan(8)
                .extracting(artifact -> artifact.group(2))
                .allMatch(poms::contains);
    }

    @Test
    void logbackSnippetKeepsTheLoggersQuietThatTheServiceKeepsQuiet() throws IOException {
        Map<String, String> service = new HashMap<>();
        loggers(Files.readString(ROOT.resolve("app/src/main/resources/logback.xml")))
                .forEach((name, level) -> {
                    if (level.equals(GUARDED)) {
                        service.put(name, "INFO");
                    } else if (name.startsWith("org.apache.hc.")) {
                        service.put(name, level);
                    }
                });

        assertThat(loggers(Readme.block("Loggers that print secrets", "xml")))
                .hasSize(10)
                .containsAllEntriesOf(service);
        assertThat(service).hasSize(7);
    }

    /** The properties of the routes, which are those of the service but for its own. */
    private Map<String, String> documentedProperties() {
        Map<String, String> properties = referenceProperties();
        properties
                .keySet()
                .removeIf(name -> !name.startsWith("rotation.")
                        || name.startsWith("rotation.log.")
                        || name.startsWith("rotation.page."));
        return properties;
    }

    private Map<String, String> referenceProperties() {
        Map<String, String> properties = new TreeMap<>();
        for (List<String> row : app.section("Configuration reference").rows()) {
            for (String name : row.get(0).split(",", -1)) {
                properties.put(name.strip(), row.get(1));
            }
        }
        return properties;
    }

    @SuppressWarnings("NullAway") // on JDK 17 it cannot see in a class file that a lookup may return null
    private static Map<String, String> knownProperties() {
        Map<String, String> given = Map.of("rotation.api.companies.AcmeCorp.key", "k");
        SettingsReader reader = SettingsReader.of(given);
        RotationSettings unused = RotationSettings.read(reader, ApplicationCallbacks.NONE);
        Map<String, String> properties = new TreeMap<>();
        reader.knownProperties()
                .forEach((name, value) -> properties.put(name.replace("AcmeCorp", "<companyId>"), value));
        return properties;
    }

    private List<MatchResult> pomSnippets(String pattern) {
        return routes.code("xml").stream()
                .flatMap(block -> Pattern.compile(pattern).matcher(block).results())
                .toList();
    }

    private static Map<String, String> loggers(String logback) {
        return LOGGER.matcher(logback).results().collect(Collectors.toMap(m -> m.group(1), m -> m.group(2)));
    }

    private static List<String> firstCells(Markdown.Section section) {
        return section.rows().stream().map(row -> row.get(0)).toList();
    }

    private static String firstMatch(String text, String pattern) {
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        assertThat(matcher.find()).as(pattern).isTrue();
        return matcher.group(1);
    }

    private static List<String> exampleSources() throws IOException {
        List<String> sources = new ArrayList<>();
        for (String folder : List.of("org/keyrotation/routes/examples", "com/example")) {
            try (Stream<Path> files = Files.list(Path.of("src/test/java", folder))) {
                files.map(ReadmeTest::withoutWhitespace).forEach(sources::add);
            }
        }
        return sources;
    }

    private static String withoutWhitespace(Path file) {
        try {
            return Files.readString(file).replaceAll("\\s", "");
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
