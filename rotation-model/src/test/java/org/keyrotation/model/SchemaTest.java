package org.keyrotation.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.InputFormat;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaId;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SpecVersion.VersionFlag;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SchemaTest {

    static Stream<Arguments> recordsAndTheirSchemas() {
        return Stream.of(
                arguments(RotationRequest.class, Schemas.REQUEST, ""),
                arguments(ClientKeyRotated.class, Schemas.ROTATED, ""),
                arguments(RotationFailed.class, Schemas.FAILED, ""),
                arguments(RequestSatisfied.class, Schemas.SATISFIED, ""),
                arguments(KeyAcknowledgement.class, Schemas.ACKNOWLEDGEMENT, ""),
                arguments(ApiProblem.class, Schemas.FAILED, "/properties/problem"),
                arguments(RequestSource.class, Schemas.FAILED, "/properties/source"),
                arguments(PlanReport.class, Schemas.PLAN, ""),
                arguments(PlanReport.Credential.class, Schemas.PLAN, "/properties/credentials/items"),
                arguments(PauseReport.class, Schemas.PAUSE, ""),
                arguments(CheckReport.class, Schemas.CHECK, ""),
                arguments(CheckReport.Check.class, Schemas.CHECK, "/properties/checks/items"),
                arguments(RequestsReport.class, Schemas.REQUESTS, ""),
                arguments(RequestReport.class, Schemas.REQUESTS, "/properties/requests/items"));
    }

    static Stream<Arguments> messagesWithAllFields() {
        return Stream.of(
                arguments(Examples.REQUEST, Schemas.REQUEST),
                arguments(Examples.ROTATED, Schemas.ROTATED),
                arguments(Examples.FAILED, Schemas.FAILED),
                arguments(Examples.SATISFIED, Schemas.SATISFIED),
                arguments(Examples.ACKNOWLEDGEMENT, Schemas.ACKNOWLEDGEMENT),
                arguments(Examples.PLAN, Schemas.PLAN),
                arguments(Examples.PAUSE, Schemas.PAUSE),
                arguments(Examples.CHECK, Schemas.CHECK),
                arguments(Examples.REQUESTS, Schemas.REQUESTS));
    }

    static Stream<Arguments> messagesWithRequiredFieldsOnly() {
        return Stream.of(
                arguments(RotationRequest.of(Examples.CREDENTIAL), Schemas.REQUEST),
                arguments(rotatedWithoutAPreviousKey(), Schemas.ROTATED),
                arguments(failedWithoutARequest(), Schemas.FAILED),
                arguments(satisfiedWithoutAFingerprint(), Schemas.SATISFIED),
                arguments(KeyAcknowledgement.of("checkout", Examples.ROTATED, Examples.SEVEN), Schemas.ACKNOWLEDGEMENT),
                arguments(new PauseReport(false, null, null, null, null), Schemas.PAUSE),
                arguments(new PlanReport(List.of(), List.of("a problem")), Schemas.PLAN),
                arguments(PauseReport.failed(List.of("a problem")), Schemas.PAUSE),
                arguments(new CheckReport(List.of(), List.of("a problem")), Schemas.CHECK),
                arguments(new RequestsReport(List.of(), List.of("it failed")), Schemas.REQUESTS));
    }

    @ParameterizedTest
    @MethodSource("recordsAndTheirSchemas")
    void aSchemaHasTheFieldsOfItsRecordInOrder(Class<?> type, String schema, String pointer) throws IOException {
        JsonNode properties = Schemas.read(schema).at(pointer + "/properties");

        assertThat(properties.fieldNames()).toIterable().containsExactlyElementsOf(names(components(type)));
    }

    @ParameterizedTest
    @MethodSource("recordsAndTheirSchemas")
    void aSchemaRequiresTheNonNullFields(Class<?> type, String schema, String pointer) throws IOException {
        JsonNode required = Schemas.read(schema).at(pointer + "/required");

        assertThat(required).map(JsonNode::asText).containsExactlyElementsOf(names(required(type)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                Schemas.REQUEST,
                Schemas.ROTATED,
                Schemas.FAILED,
                Schemas.SATISFIED,
                Schemas.ACKNOWLEDGEMENT,
                Schemas.PLAN,
                Schemas.PAUSE,
                Schemas.CHECK,
                Schemas.STATUS_REPORT,
                Schemas.FAILURES_REPORT,
                Schemas.REQUESTS
            })
    void everySchemaIsValidInItsDraft(String schema) throws IOException {
        JsonNode document = Schemas.read(schema);

        assertThat(document.path("$schema").asText()).isEqualTo(SchemaId.V202012);
        assertThat(JsonSchemaFactory.getInstance(VersionFlag.V202012)
                        .getSchema(SchemaLocation.of(SchemaId.V202012))
                        .validate(document.toString(), InputFormat.JSON))
                .isEmpty();
    }

    @Test
    void theFailureSchemaHasEveryCode() throws IOException {
        JsonNode codes = Schemas.read(Schemas.FAILED).at("/properties/code/enum");

        assertThat(codes)
                .map(JsonNode::asText)
                .containsExactlyElementsOf(
                        Arrays.stream(FailureCode.values()).map(Enum::name).toList());
    }

    @Test
    void theSchemaOfThePlanHasEveryState() throws IOException {
        JsonNode states = Schemas.read(Schemas.PLAN).at("/properties/credentials/items/properties/state/enum");

        assertThat(states).isEqualTo(Json.mapper().<JsonNode>valueToTree(PlannedRotation.State.values()));
    }

    @Test
    void theSchemaOfChecksHasEveryResult() throws IOException {
        JsonNode results = Schemas.read(Schemas.CHECK).at("/properties/checks/items/properties/result/enum");

        assertThat(results).isEqualTo(Json.mapper().<JsonNode>valueToTree(CheckReport.Result.values()));
    }

    @Test
    void aPauseThatIsNeitherKnownNorFailedBreaksItsSchema() throws IOException {
        assertThat(Schemas.violations(Schemas.PAUSE, "{\"by\":\"alice\"}")).isNotEmpty();
    }

    @Test
    void theSchemaOfRequestsHasEveryOutcome() throws IOException {
        JsonNode outcomes = Schemas.read(Schemas.REQUESTS).at("/properties/requests/items/properties/outcome/enum");

        assertThat(outcomes).isEqualTo(Json.mapper().<JsonNode>valueToTree(RequestReport.Outcome.values()));
    }

    @ParameterizedTest
    @MethodSource("messagesWithAllFields")
    void aMessageWithAllFieldsWritesAllFields(Record message, String schema) throws IOException {
        JsonNode json = Json.mapper().valueToTree(message);

        assertThat(json.fieldNames()).toIterable().containsExactlyElementsOf(names(components(message.getClass())));
        assertThat(Schemas.violations(schema, json)).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("messagesWithRequiredFieldsOnly")
    void aMessageWithRequiredFieldsOnlyMatchesItsSchema(Record message, String schema) throws IOException {
        JsonNode json = Json.mapper().valueToTree(message);

        assertThat(Schemas.violations(schema, json)).isEmpty();
    }

    @ParameterizedTest
    @MethodSource({"messagesWithAllFields", "messagesWithRequiredFieldsOnly"})
    void aMessageSurvivesARoundTrip(Record message) throws IOException {
        byte[] json = Json.mapper().writeValueAsBytes(message);

        assertThat(Json.mapper().readValue(json, message.getClass())).isEqualTo(message);
    }

    @Test
    void theKeyOfTheDesignIsReadAndMatchesTheSchema() throws IOException {
        String json =
                """
                {"requestId": "0b5c", "companyId": "AcmeCorp", "apiCredentialId": "S2-6262", "clientKey": "test",
                 "keyFingerprint": "sha256:9f86d081884c7d65", "previousKeyFingerprint": "sha256:60303ae22b998861",
                 "generatedAt": "2026-11-23T07:00:01Z", "usableFrom": "2026-11-23T07:05:02Z",
                 "previousKeyExpiresAt": "2026-11-24T07:00:01Z", "recovered": false, "reason": "suspected leak",
                 "requestedBy": "alice", "requestedAt": "2026-11-23T07:00:00Z", "forced": false}
                """;
        ClientKeyRotated read = Json.mapper().readValue(json, ClientKeyRotated.class);

        assertThat(Schemas.violations(Schemas.ROTATED, json)).isEmpty();
        assertThat(Json.mapper().<JsonNode>valueToTree(read))
                .isEqualTo(Json.mapper().readTree(json));
    }

    private static ClientKeyRotated rotatedWithoutAPreviousKey() {
        return new ClientKeyRotated(
                "1",
                "AcmeCorp",
                "S2-6262224667",
                Examples.KEY,
                Examples.KEY.fingerprint(),
                null,
                Examples.SEVEN,
                Examples.SEVEN,
                Examples.SEVEN,
                false,
                null,
                null,
                null,
                false);
    }

    private static RequestSatisfied satisfiedWithoutAFingerprint() {
        return new RequestSatisfied(
                "1", "AcmeCorp", "S2-6262224667", Examples.SEVEN, null, Examples.SEVEN, null, null, Examples.SEVEN);
    }

    private static RotationFailed failedWithoutARequest() {
        return new RotationFailed(
                null,
                null,
                null,
                FailureCode.MALFORMED_REQUEST,
                "",
                false,
                0,
                Examples.SEVEN,
                null,
                null,
                null,
                null,
                new ApiProblem(null, null, null, null, null, null),
                null,
                null);
    }

    private static List<RecordComponent> components(Class<?> type) {
        return List.of(type.getRecordComponents());
    }

    /** The non-null fields, except those that are false if absent. */
    private static List<RecordComponent> required(Class<?> type) {
        return components(type).stream()
                .filter(component -> !component.getAnnotatedType().isAnnotationPresent(Nullable.class))
                .filter(component -> !component.getName().matches("forced?"))
                .toList();
    }

    private static List<String> names(List<RecordComponent> components) {
        return components.stream().map(RecordComponent::getName).toList();
    }
}
