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

/** The metadata with which an IDE completes an application.yml. */
class ConfigurationMetadataTest {

    private final JsonNode properties = new ObjectMapper()
            .readTree(RotationRoutes.class.getResource("/META-INF/spring-configuration-metadata.json"))
            .at("/properties");

    ConfigurationMetadataTest() throws IOException {}

    @Test
    @SuppressWarnings("NullAway") // NullAway on JDK 17 does not see the @Nullable result type in the class file
    void metadataHasExactlyThePropertiesAndTheirDefaults() {
        Map<String, String> company = Map.of("rotation.api.companies.AcmeCorp.key", "k");
        SettingsReader reader = SettingsReader.of(company);
        RotationSettings unused = RotationSettings.read(reader, ApplicationCallbacks.NONE);
        Map<String, String> expected = new TreeMap<>(Map.of("rotation.enabled", "true"));
        reader.knownProperties()
                .forEach((name, value) ->
                        expected.put(name.replaceFirst("\\.companies\\.AcmeCorp\\..*", ".companies"), value));

        assertThat(stream(properties)
                        .collect(Collectors.toMap(
                                property -> property.get("name").asText(), this::byDefault)))
                .isEqualTo(expected);
    }

    @Test
    void everyPropertyIsDescribed() {
        assertThat(properties).isNotEmpty().allSatisfy(property -> assertThat(
                        property.path("description").asText())
                .as(property.path("name").asText())
                .matches("[A-Z].+\\."));
    }

    @Test
    void everyTypeExists() {
        assertThat(properties).isNotEmpty().allSatisfy(property -> assertThat(
                        Class.forName(property.path("type").asText().replaceFirst("<.*", "")))
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
