package org.keyrotation.routes.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A misspelt variable must not be lost: its setting would silently be the default. */
class EnvironmentVariablesTest {

    private static final Set<String> PROPERTIES = Set.of("rotation.schedule.paused", "rotation.api.base-url");

    @Test
    void variableThatNoPropertyReadsIsUnknown() {
        Set<String> variables = Set.of(
                "ROTATION_SCHEDULE_PAUSD", "ROTATION_API_BASEURL", "ROTATION_SCHEDULE_PAUSED", "ROTATION_API_BASE_URL");

        assertThat(EnvironmentVariables.unknown(variables, PROPERTIES, List.of()))
                .containsExactly("ROTATION_API_BASEURL", "ROTATION_SCHEDULE_PAUSD");
    }

    @Test
    void variablesOfOthersAreNotUnknown() {
        Set<String> variables = Set.of(
                "ROTATION_CONFIG",
                "ROTATION_LOG_LEVEL",
                "ROTATION_SERVICE_HOST",
                "ROTATION_SERVICE_PORT_HTTP",
                "ROTATION_PORT",
                "ROTATION_PORT_9876_TCP_ADDR",
                "ROTATIONS",
                "PATH");

        assertThat(EnvironmentVariables.unknown(variables, PROPERTIES, List.of()))
                .isEmpty();
    }

    @Test
    void variableThatAValueNamesIsNotUnknown() {
        assertThat(EnvironmentVariables.unknown(
                        Set.of("ROTATION_KEY_OF_ACME"), PROPERTIES, List.of("{{env:ROTATION_KEY_OF_ACME}}")))
                .isEmpty();
    }
}
