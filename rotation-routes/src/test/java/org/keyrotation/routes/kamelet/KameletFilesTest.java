package org.keyrotation.routes.kamelet;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Map.Entry;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.camel.util.SensitiveUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The files of the Kamelets: they have the metadata that Camel's catalog requires, and agree with the code. */
class KameletFilesTest {

    private static final Path FILES = Path.of("src/main/resources/kamelets");
    private static final String ACTION = "rotate-client-key-action";

    @ParameterizedTest
    @ValueSource(strings = {ACTION, "rotated-client-keys-source"})
    void kameletHasTheMetadataOfTheCatalog(String name) throws IOException {
        JsonNode kamelet = kamelet(name);
        JsonNode annotations = kamelet.at("/metadata/annotations");

        assertThat(kamelet.at("/metadata/name").textValue()).isEqualTo(name);
        assertThat(kamelet.at("/metadata/labels/camel.apache.org~1kamelet.type").textValue())
                .isEqualTo(name.substring(name.lastIndexOf('-') + 1));
        assertThat(annotations.fieldNames())
                .toIterable()
                .contains(
                        "camel.apache.org/kamelet.support.level",
                        "camel.apache.org/kamelet.icon",
                        "camel.apache.org/provider",
                        "camel.apache.org/kamelet.group",
                        "camel.apache.org/kamelet.namespace");
        assertThat(kamelet.at("/spec/definition/title").asText()).isNotBlank();
        assertThat(kamelet.at("/spec/definition/description").asText()).isNotBlank();
    }

    @ParameterizedTest
    @ValueSource(strings = {ACTION, "rotated-client-keys-source"})
    void everyPropertyIsDescribedAndUsed(String name) throws IOException {
        String template = kamelet(name).at("/spec/template").toString();

        assertThat(properties(name)).isNotEmpty().allSatisfy((property, schema) -> {
            assertThat(schema.path("title").asText()).isNotBlank();
            assertThat(schema.path("description").asText()).endsWith(".");
            assertThat(schema.path("type").asText()).isIn("string", "boolean");
            assertThat(template.contains((schema.has("default") ? "{{" : "{{?") + property + "}}"))
                    .isNotEqualTo(name.equals(ACTION) && KameletProperties.SECRETS.contains(property));
        });
    }

    /** Camel masks only values whose names are in its list of sensitive names. */
    @Test
    void secretsHaveNamesThatCamelMasks() throws IOException {
        Map<String, JsonNode> properties = properties(ACTION);

        assertThat(properties).containsKeys("apiKey", "username", "password");
        assertThat(properties).allSatisfy((property, schema) -> {
            boolean isSecret = SensitiveUtils.containsSensitive(property);
            assertThat(schema.path("x-descriptors").toString().contains("urn:camel:group:credentials"))
                    .isEqualTo(isSecret);
            assertThat(schema.path("format").asText().equals("password"))
                    .isEqualTo(isSecret && !property.equals("username"));
        });
    }

    @Test
    void actionHasThePropertiesThatItsBeanReads() throws IOException {
        assertThat(properties(ACTION))
                .containsKeys(KameletProperties.SETTINGS.keySet().toArray(String[]::new))
                .hasSize(KameletProperties.SETTINGS.size() + 3)
                .containsKeys(
                        KameletProperties.BOOTSTRAP_SERVERS,
                        KameletProperties.COMPANY_ID,
                        KameletProperties.API_CREDENTIAL_ID);
    }

    @Test
    void defaultsAreThoseOfTheSettings() throws IOException {
        Map<String, String> defaults = properties(ACTION).entrySet().stream()
                .filter(property -> property.getValue().has("default"))
                .collect(Collectors.toMap(
                        Entry::getKey,
                        property -> property.getValue().get("default").asText()));

        assertThat(defaults).hasSize(KameletProperties.SETTINGS.size() - 3);
        Map<String, String> values = new TreeMap<>(defaults);
        values.put("apiKey", "k");
        assertThat(new KameletProperties(values).settings())
                .usingRecursiveComparison()
                .isEqualTo(new KameletProperties(Map.of("apiKey", "k")).settings());
    }

    @Test
    void actionDependsOnThisVersion() throws IOException {
        String version = Files.readString(Path.of("pom.xml")).replaceFirst("(?s).*?<version>(.*?)</version>.*", "$1");

        assertThat(kamelet(ACTION).at("/spec/dependencies").toString())
                .contains("mvn:org.keyrotation:rotation-routes:" + version);
    }

    private static Map<String, JsonNode> properties(String name) throws IOException {
        return new TreeMap<>(kamelet(name).at("/spec/definition/properties").properties().stream()
                .collect(Collectors.toMap(Entry::getKey, Entry::getValue)));
    }

    private static JsonNode kamelet(String name) throws IOException {
        return new YAMLMapper().readTree(Files.newBufferedReader(FILES.resolve(name + ".kamelet.yaml")));
    }
}
