package org.keyrotation.routes.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.core.env.StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME;

import java.util.Map;
import org.junit.jupiter.api.Test;
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
