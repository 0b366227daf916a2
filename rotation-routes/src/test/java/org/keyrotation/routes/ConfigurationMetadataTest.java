package org.keyrotation.routes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.keyrotation.routes.config.ApplicationCallbacks;
import org.keyrotation.routes.config.SettingsReader;

/** What an IDE completes in an application.yml. */
class ConfigurationMetadataTest {

    private final JsonNode properties = new ObjectMapper()
            .readTree(RotationRoutes.class.getResource("/META-INF/spring-configuration-metadata.json"))
            .at("/properties");

    ConfigurationMetadataTest() throws IOException {}

    @Test
    @SuppressWarnings("NullAway") // on JDK 17 it cannot see in a class file that a lookup may return null
    void everyPropertyIsThereWithItsDefaultAndNoOther() {
        Map<String, String> given = Map.of("rotation.api.companies.AcmeCorp.key", "k");
        SettingsReader asked = SettingsReader.of(given);
        RotationSettings unused = RotationSettings.read(asked, ApplicationCallbacks.NONE);
        Map<String, String> expected = new TreeMap<>(Map.of("rotation.enabled", "true"));
        asked.knownProperties()
                .forEach((name, value) ->
                        expected.put(name.replaceFirst("\\.companies\\.AcmeCorp\\..*", ".companies"), value));

        assertThat(stream(properties)
                        .collect(Collectors.toMap(each -> each.get("name").asText(), this::byDefault)))
                .isEqualTo(expected);
    }

    @Test
    void everyPropertyIsDescribed() {
        assertThat(properties).isNotEmpty().allSatisfy(each -> assertThat(
                        each.path("description").asText())
                .as(each.path("name").asText())
                .matches("[A-Z].+\\."));
    }

    @Test
    void everyTypeIsThere() {
        assertThat(properties).isNotEmpty().allSatisfy(each -> assertThat(
                        Class.forName(each.path("type").asText().replaceFirst("<.*", "")))
                .isNotNull());
    }

    private String byDefault(JsonNode property) {
        JsonNode value = property.path("defaultValue");
        return value.isArray() ? stream(value).map(JsonNode::asText).collect(Collectors.joining(",")) : value.asText();
    }

    private static Stream<JsonNode> stream(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }
}
