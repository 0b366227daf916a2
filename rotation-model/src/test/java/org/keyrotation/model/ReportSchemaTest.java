package org.keyrotation.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.keyrotation.model.CredentialStatus.Adoption;
import org.keyrotation.model.CredentialStatus.AdoptionState;
import org.keyrotation.model.CredentialStatus.Failure;
import org.keyrotation.model.CredentialStatus.Open;
import org.keyrotation.model.CredentialStatus.State;

/** The JSON documents of the commands match their schemas. */
class ReportSchemaTest {

    private static final CredentialStatus STATUS = new CredentialStatus(
            "AcmeCorp",
            "S2-6262224667",
            State.FAILED,
            Examples.SEVEN,
            Examples.KEY.fingerprint(),
            "sha256:60303ae22b998861",
            Examples.SEVEN,
            Examples.SEVEN,
            Examples.SEVEN,
            new Open("0b5c8f2e", Examples.SEVEN, 2, "an error"),
            new Failure("0b5c8f2e", FailureCode.FORBIDDEN, "a detail", Examples.SEVEN, 3),
            List.of(
                    new Adoption("checkout", AdoptionState.ADOPTED, Examples.SEVEN),
                    new Adoption("pos", AdoptionState.PENDING, null)));
    private static final CredentialStatus UNKNOWN = new CredentialStatus(
            "AcmeCorp", "S2-6262224667", State.UNKNOWN, null, null, null, null, null, null, null, null, null);
    private static final OpenFailure WITHOUT_EVENT =
            OpenFailure.withoutEvent(Examples.CREDENTIAL, "0b5c8f2e", Examples.SEVEN, 1);

    static Stream<Arguments> documents() {
        return Stream.of(
                arguments(new StatusReport(List.of(STATUS, UNKNOWN), List.of()), Schemas.STATUS_REPORT),
                arguments(new StatusReport(List.of(), List.of("a problem")), Schemas.STATUS_REPORT),
                arguments(
                        new FailuresReport(List.of(OpenFailure.of(Examples.FAILED, 3), WITHOUT_EVENT), List.of()),
                        Schemas.FAILURES_REPORT),
                arguments(new FailuresReport(List.of(), List.of("a problem")), Schemas.FAILURES_REPORT));
    }

    @ParameterizedTest
    @MethodSource("documents")
    void aDocumentMatchesItsSchemaAndSurvivesARoundTrip(Record document, String schema) throws IOException {
        JsonNode json = Json.mapper().valueToTree(document);

        assertThat(Schemas.violations(schema, json)).isEmpty();
        assertThat(Json.mapper().treeToValue(json, document.getClass())).isEqualTo(document);
    }

    @Test
    void aFieldThatTheSchemaDoesNotNameIsAViolation() throws IOException {
        assertThat(Schemas.violations(Schemas.STATUS_REPORT, "{\"credentials\": [], \"clientKey\": \"test\"}"))
                .isNotEmpty();
        assertThat(Schemas.violations(Schemas.FAILURES_REPORT, "{\"failures\": [], \"clientKey\": \"test\"}"))
                .isNotEmpty();
    }

    @Test
    void theSchemasNameEachFieldStateAndCode() throws IOException {
        JsonNode status = Schemas.read(Schemas.STATUS_REPORT).at("/properties/credentials/items/properties");
        JsonNode failure = Schemas.read(Schemas.FAILURES_REPORT).at("/properties/failures/items/properties");

        assertThat(status.fieldNames()).toIterable().containsExactlyElementsOf(names(CredentialStatus.class));
        assertThat(status.at("/state/enum"))
                .map(JsonNode::asText)
                .containsExactlyElementsOf(names(State.values()).toList());
        assertThat(status.at("/lastFailure/properties/code/enum"))
                .map(JsonNode::asText)
                .containsExactlyElementsOf(names(FailureCode.values()).toList());
        assertThat(status.at("/adoption/items/properties").fieldNames())
                .toIterable()
                .containsExactlyElementsOf(names(Adoption.class));
        assertThat(status.at("/adoption/items/properties/state/enum"))
                .map(JsonNode::asText)
                .containsExactlyElementsOf(names(AdoptionState.values()).toList());
        assertThat(failure.fieldNames()).toIterable().containsExactlyElementsOf(names(OpenFailure.class));
    }

    /** Reads a document whose report an older version has written. */
    @Test
    void problemsMayBeAbsent() throws IOException {
        assertThat(Json.mapper()
                        .readValue("{\"credentials\": []}", StatusReport.class)
                        .problems())
                .isEmpty();
        assertThat(Schemas.violations(Schemas.STATUS_REPORT, "{\"credentials\": []}"))
                .isEmpty();
    }

    private static List<String> names(Class<?> type) {
        return Arrays.stream(type.getRecordComponents())
                .map(component -> component.getName())
                .toList();
    }

    private static Stream<String> names(Enum<?>[] values) {
        return Arrays.stream(values).map(Enum::name);
    }
}
