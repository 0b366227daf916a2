package org.keyrotation.routes.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.springframework.core.env.StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.keyrotation.model.Json;
import org.keyrotation.routes.RotationRoutes;
import org.keyrotation.routes.config.PropertyFunctions;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/** The properties as Spring Boot resolves them. */
class SpringPropertiesTest {

    private final StandardEnvironment environment = new StandardEnvironment();
    private final SpringProperties properties = new SpringProperties(environment);

    @Test
    void environmentVariablesMayFollowTheRulesOfCamelOrOfSpring() {
        environment(Map.of(
                "ROTATION_API_KEY", "k",
                "ROTATION_API_BASE_URL", "https://localhost",
                "ROTATION_API_CONNECTTIMEOUT", "PT1S"));

        assertThat(properties.get("rotation.api.key")).isEqualTo("k");
        assertThat(properties.get("rotation.api.base-url")).isEqualTo("https://localhost");
        assertThat(properties.get("rotation.api.connect-timeout")).isEqualTo("PT1S");
        assertThat(properties.names()).noneMatch(name -> name.startsWith("rotation."));
    }

    @Test
    void springsOrderOfPropertySourcesApplies() {
        environment(Map.of("ROTATION_OVERLAP", "PT2H"));
        yaml(Map.of("rotation.overlap", "PT3H"));
        arguments(Map.of("rotation.overlap", "PT1H"));

        assertThat(properties.get("rotation.overlap")).isEqualTo("PT1H");
        assertThat(properties.names()).contains("rotation.overlap");
    }

    @Test
    void companyIdKeepsItsCase() {
        yaml(Map.of("rotation.api.companies.AcmeCorp.key", "k"));

        assertThat(properties.names()).contains("rotation.api.companies.AcmeCorp.key");
        assertThat(properties.get("rotation.api.companies.AcmeCorp.key")).isEqualTo("k");
    }

    @Test
    void sequenceIsCommaSeparatedText() {
        yaml(Map.of("rotation.schedule.companies[0]", "AcmeCorp", "rotation.schedule.companies[1]", "OtherCorp"));

        assertThat(properties.get("rotation.schedule.companies")).isEqualTo("AcmeCorp,OtherCorp");
        assertThat(properties.names()).contains("rotation.schedule.companies");
    }

    @Test
    void sequencesOfTwoSourcesAreNotMixed() {
        yaml(Map.of("rotation.schedule.companies[0]", "AcmeCorp", "rotation.schedule.companies[1]", "OtherCorp"));
        arguments(Map.of("rotation.schedule.companies[0]", "ThirdCorp"));

        assertThat(properties.get("rotation.schedule.companies")).isEqualTo("ThirdCorp");
    }

    @Test
    void textOverridesASequence() {
        yaml(Map.of("rotation.schedule.companies[0]", "AcmeCorp"));
        arguments(Map.of("rotation.schedule.companies", "OtherCorp,ThirdCorp"));

        assertThat(properties.get("rotation.schedule.companies")).isEqualTo("OtherCorp,ThirdCorp");
    }

    @Test
    void switchIsNoSetting() {
        yaml(Map.of("rotation.enabled", "true"));

        assertThat(properties.names()).doesNotContain("rotation.enabled");
    }

    @Test
    void companyIdsOfAllCharactersKeepTheirAuthenticationApart() {
        yaml(Map.of(
                "rotation.api.companies.Acme.Corp.key", "dotted",
                "rotation.api.companies[Acme@Corp].key", "bracketed",
                "rotation.api.companies[ACME_Corp].username", "u",
                "rotation.api.companies.ACME_Corp.password", "p",
                "rotation.api.companies.acmecorp.key", "plain",
                "rotation.api.companies.acme-corp.key", "dashed"));

        Map<String, String> values = Map.of(
                "rotation.api.companies.Acme.Corp.key", "dotted",
                "rotation.api.companies.Acme@Corp.key", "bracketed",
                "rotation.api.companies.ACME_Corp.username", "u",
                "rotation.api.companies.ACME_Corp.password", "p",
                "rotation.api.companies.acmecorp.key", "plain",
                "rotation.api.companies.acme-corp.key", "dashed");
        assertThat(properties.names()).containsAll(values.keySet());
        assertThat(values)
                .allSatisfy((name, value) -> assertThat(properties.get(name)).isEqualTo(value));
    }

    @Test
    void companyIdIsNotThatOfAnotherSpelling() {
        yaml(Map.of("rotation.api.companies.acmecorp.key", "k"));

        assertThat(properties.get("rotation.api.companies.acme-corp.key")).isNull();
    }

    @Test
    void bracketsOfAProfileOverrideTheDotsOfTheBase() {
        yaml(Map.of("rotation.api.companies.AcmeCorp.key", "base"));
        arguments(Map.of("rotation.api.companies[AcmeCorp].key", "profile"));

        assertThat(properties.get("rotation.api.companies.AcmeCorp.key")).isEqualTo("profile");
    }

    @ParameterizedTest
    @CsvSource({
        "rotation.api.maxInFlight, rotation.api.max-in-flight",
        "rotation.api.max_in_flight, rotation.api.max-in-flight",
        "Rotation.Schedule.Paused, rotation.schedule.paused",
        "rotation.schedule.PAUSED, rotation.schedule.paused",
        "rotation.schedule.firstRotation, rotation.schedule.first-rotation"
    })
    void relaxedSpellingIsThatOfTheReference(String spelling, String name) {
        yaml(Map.of(spelling, "value"));

        assertThat(properties.names()).contains(name).doesNotContain(spelling);
        assertThat(properties.get(name)).isEqualTo("value");
    }

    @ParameterizedTest
    @CsvSource({
        "Rotation.schedule.pausd, rotation.schedule.pausd",
        "rotation.overlap[0], rotation.overlap[0]",
        "ROTATION_SCHEDULE_PAUSED, rotation.ROTATION_SCHEDULE_PAUSED"
    })
    void nameThatSpringIgnoresIsReportedAsUnknown(String spelling, String reported) {
        yaml(Map.of(spelling, "true"));

        assertThat(properties.names()).contains(reported);
    }

    @Test
    void listMayBeVariablesWithAnIndex() {
        environment(Map.of("ROTATION_SCHEDULE_EXCLUDE_0", "S2-1", "ROTATION_SCHEDULE_EXCLUDE_1", "S2-2"));
        yaml(Map.of("rotation.schedule.exclude[0]", "S2-3"));

        assertThat(properties.get("rotation.schedule.exclude")).isEqualTo("S2-1,S2-2");
    }

    @Test
    void missingElementOfAListIsNotLost() {
        environment(Map.of("ROTATION_SCHEDULE_TARGETS_1", "AcmeCorp/S2-1"));
        yaml(Map.of("rotation.schedule.exclude[1]", "S2-1", "rotation.schedule.exclude[3]", "S2-3"));

        assertThat(properties.get("rotation.schedule.targets")).isEqualTo(",AcmeCorp/S2-1");
        assertThat(properties.get("rotation.schedule.exclude")).isEqualTo(",S2-1,,S2-3");
    }

    @Test
    void numberedVariableIsNoPartOfASetting() {
        environment(Map.of("ROTATION_API_KEY_2", "another", "ROTATION_API_KEY_FILE", "/run/secrets/key"));
        yaml(Map.of("rotation.api.key", "a, b"));

        assertThat(properties.get("rotation.api.key")).isEqualTo("a, b");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a${b}c", "a${b:x}c", "${a}", "a\\${b", "#{a}%[b]$"})
    void secretOfTheEnvironmentIsLiteral(String secret) {
        environment(Map.of("ROTATION_API_PASSWORD", secret, "ADYEN_API_KEY", secret));
        yaml(Map.of("rotation.api.key", "${ADYEN_API_KEY}"));

        assertThat(properties.get("rotation.api.password")).isEqualTo(secret);
        assertThat(properties.get("rotation.api.key")).isEqualTo(secret);
    }

    @Test
    void placeholdersOfAFileAreResolved() {
        environment(Map.of("HOST", "example.org"));
        yaml(Map.of(
                "rotation.api.base-url", "https://${HOST}/${version:v3}",
                "rotation.topics.keys", "${name}",
                "name", "${HOST}.keys",
                "rotation.topics.failures", "${absent}"));

        assertThat(properties.get("rotation.api.base-url")).isEqualTo("https://example.org/v3");
        assertThat(properties.get("rotation.topics.keys")).isEqualTo("example.org.keys");
        assertThatThrownBy(() -> properties.get("rotation.topics.failures"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void valuesOfOtherTypesAreTheirText() {
        yaml(Map.of(
                "rotation.read-back",
                false,
                "rotation.api.max-in-flight",
                8,
                "rotation.schedule.companies",
                List.of("AcmeCorp", "OtherCorp")));

        assertThat(properties.get("rotation.read-back")).isEqualTo("false");
        assertThat(properties.get("rotation.api.max-in-flight")).isEqualTo("8");
        assertThat(properties.get("rotation.schedule.companies")).isEqualTo("AcmeCorp,OtherCorp");
    }

    @Test
    void everyListOfTheMetadataCanBeASequence() throws IOException {
        JsonNode metadata = Json.mapper()
                .readTree(RotationRoutes.class.getResource("/META-INF/spring-configuration-metadata.json"));
        List<String> lists = StreamSupport.stream(metadata.path("properties").spliterator(), false)
                .filter(property -> property.path("type").asText().startsWith("java.util.List"))
                .map(property -> property.path("name").asText())
                .toList();
        yaml(lists.stream().collect(Collectors.toMap(name -> name + "[0]", name -> "x")));

        assertThat(lists).isNotEmpty().allSatisfy(name -> assertThat(properties.get(name))
                .isEqualTo("x"));
    }

    @Test
    void variableIsLiteralAlsoWhereTheApplicationRefersToIt() {
        environment(Map.of("ADYEN_API_KEY", "a{{?b}}c\\", "ROTATION_API_PASSWORD", "{{p}}"));
        yaml(Map.of("rotation.api.key", "${ADYEN_API_KEY}", "rotation.api.username", "{{vault:user}}"));

        assertThat(properties.get("rotation.api.key")).isEqualTo(PropertyFunctions.escape("a{{?b}}c\\"));
        assertThat(properties.get("rotation.api.password")).isEqualTo(PropertyFunctions.escape("{{p}}"));
        assertThat(properties.get("rotation.api.username")).isEqualTo("{{vault:user}}");
    }

    private void environment(Map<String, Object> variables) {
        environment
                .getPropertySources()
                .replace(
                        SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
                        new SystemEnvironmentPropertySource(SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME, variables));
        ConfigurationPropertySources.attach(environment);
    }

    private void yaml(Map<String, Object> values) {
        environment.getPropertySources().addLast(new MapPropertySource("yaml", values));
        ConfigurationPropertySources.attach(environment);
    }

    private void arguments(Map<String, Object> values) {
        environment.getPropertySources().addFirst(new MapPropertySource("arguments", values));
        ConfigurationPropertySources.attach(environment);
    }
}
