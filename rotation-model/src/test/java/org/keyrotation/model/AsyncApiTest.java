package org.keyrotation.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.InputFormat;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class AsyncApiTest {

    private static final JsonNode DOCUMENT = document();

    private static final Map<Class<? extends RotationEvent>, String> HEADERS = Map.of(
            ClientKeyRotated.class, "rotatedHeaders",
            RotationFailed.class, "failedHeaders",
            RequestSatisfied.class, "satisfiedHeaders");

    static Stream<Arguments> examples() {
        return Stream.of(
                        arguments("rotationRequest", RotationRequest.class),
                        arguments("clientKeyRotated", ClientKeyRotated.class),
                        arguments("rotationFailed", RotationFailed.class),
                        arguments("requestSatisfied", RequestSatisfied.class),
                        arguments("keyAcknowledgement", KeyAcknowledgement.class))
                .flatMap(message -> stream(message(message.get()[0]).path("examples"))
                        .map(example -> arguments(message.get()[0], message.get()[1], example)));
    }

    static Stream<JsonNode> eventExamples() {
        return Stream.of("clientKeyRotated", "rotationFailed", "requestSatisfied")
                .flatMap(name -> stream(message(name).path("examples")));
    }

    @Test
    void theDocumentHasVersion300() {
        assertThat(DOCUMENT.path("asyncapi").asText()).isEqualTo("3.0.0");
    }

    @Test
    void everyReferenceResolves() throws IOException {
        List<String> references = DOCUMENT.findValuesAsText("$ref");

        assertThat(references)
                .contains(
                        file(Schemas.REQUEST),
                        file(Schemas.ROTATED),
                        file(Schemas.FAILED),
                        file(Schemas.SATISFIED),
                        file(Schemas.ACKNOWLEDGEMENT));
        for (String reference : references) {
            assertThat(resolve(reference).isObject()).as(reference).isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "receiveRequest, receive, rotation.requests, rotation-request.schema.json",
        "publishKey, send, rotation.keys, client-key-rotated.schema.json",
        "publishFailure, send, rotation.failures, rotation-failed.schema.json",
        "publishSatisfied, send, rotation.satisfied, request-satisfied.schema.json",
        "receiveAcknowledgement, receive, rotation.acknowledgements, key-acknowledgement.schema.json"
    })
    void everyTopicHasItsDirectionAndItsMessage(String name, String action, String topic, String schema)
            throws IOException {
        JsonNode operation = DOCUMENT.at("/operations/" + name);
        JsonNode channel = resolve(operation.at("/channel/$ref").asText());
        JsonNode message = resolve(operation.at("/messages/0/$ref").asText());

        assertThat(operation.path("action").asText()).isEqualTo(action);
        assertThat(channel.path("address").asText()).isEqualTo(topic);
        assertThat(resolve(message.path("$ref").asText()).at("/payload/$ref").asText())
                .isEqualTo(file(schema));
    }

    @ParameterizedTest
    @MethodSource("examples")
    void examplesMatchTheirSchemas(String message, Class<?> type, JsonNode example) throws IOException {
        JsonNode payload = example.path("payload");
        String schema = message(message).at("/payload/$ref").asText().substring(2);

        assertThat(payload.isObject()).isTrue();
        assertThat(Schemas.violations(schema, payload)).isEmpty();
        assertThat(Json.mapper().treeToValue(payload, type)).isNotNull();
    }

    @ParameterizedTest
    @MethodSource("examples")
    void examplesSurviveARoundTrip(String message, Class<?> type, JsonNode example) throws IOException {
        Object read = Json.mapper().treeToValue(example.path("payload"), type);
        ObjectNode expected = example.path("payload").deepCopy();
        if (read instanceof RotationRequest && !expected.has("force")) {
            expected.put("force", false);
        }

        assertThat(Json.mapper().readTree(Json.mapper().writeValueAsBytes(read)))
                .isEqualTo(Json.mapper().readTree(expected.toString()));
    }

    @ParameterizedTest
    @MethodSource("eventExamples")
    void headersOfExamplesEqualTheAttributesOfTheEvent(JsonNode example) throws IOException {
        JsonNode payload = example.path("payload");
        JsonNode headers = example.path("headers");
        RotationEvent event = Json.mapper().treeToValue(payload, type(payload));
        CredentialId credential = event.credential();

        assertThat(headers.path("ce_type").asText()).isEqualTo(event.type());
        assertThat(headers.path("ce_id").asText()).isEqualTo(event.id());
        assertThat(headers.path("ce_time").asText()).isEqualTo(event.time().toString());
        assertThat(headers.path("ce_subject").asText()).isEqualTo(credential == null ? "" : credential.toString());
    }

    @ParameterizedTest
    @MethodSource("eventExamples")
    void headersOfExamplesMatchTheirSchema(JsonNode example) {
        String name = Objects.requireNonNull(HEADERS.get(type(example.path("payload"))));

        assertThat(violations(name, example.path("headers"))).isEmpty();
        assertThat(violations(name, ((ObjectNode) example.path("headers").deepCopy()).without("ce_id")))
                .isNotEmpty();
    }

    private static Class<? extends RotationEvent> type(JsonNode payload) {
        if (payload.has("code")) {
            return RotationFailed.class;
        }
        return payload.has("clientKey") ? ClientKeyRotated.class : RequestSatisfied.class;
    }

    private static List<String> violations(String schema, JsonNode headers) {
        ObjectNode root = DOCUMENT.deepCopy();
        root.put("$ref", "#/components/schemas/" + schema);
        return Schemas.schema(root).validate(headers.toString(), InputFormat.JSON).stream()
                .map(Object::toString)
                .toList();
    }

    private static JsonNode resolve(String reference) throws IOException {
        return reference.startsWith("#") ? DOCUMENT.at(reference.substring(1)) : Schemas.read(reference.substring(2));
    }

    private static String file(String schema) {
        return "./" + schema;
    }

    private static JsonNode message(Object name) {
        return DOCUMENT.at("/components/messages/" + name);
    }

    private static Stream<JsonNode> stream(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }

    private static JsonNode document() {
        try (InputStream in = Schemas.open("asyncapi.yaml")) {
            return new YAMLMapper().readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
