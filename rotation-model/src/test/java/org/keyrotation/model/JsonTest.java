package org.keyrotation.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class JsonTest {

    private static final String CANARY = "8675309";

    /** Responses that Jackson would quote in its errors, with the canary wherever a key could be. */
    static Stream<Arguments> unreadableResponses() {
        return Stream.of(
                arguments(GenerateClientKeyResponse.class, "8675309"),
                arguments(GenerateClientKeyResponse.class, "test_8675309"),
                arguments(GenerateClientKeyResponse.class, "\"test_8675309\""),
                arguments(GenerateClientKeyResponse.class, "[\"test_8675309\"]"),
                arguments(GenerateClientKeyResponse.class, "{\"clientKey\":test_8675309}"),
                arguments(GenerateClientKeyResponse.class, "{\"clientKey\":8675309}"),
                arguments(GenerateClientKeyResponse.class, "{\"clientKey\":8675309.5}"),
                arguments(GenerateClientKeyResponse.class, "{\"clientKey\":\"test 8675309\"}"),
                arguments(GenerateClientKeyResponse.class, "{\"clientKey\":\"test_8675309"),
                arguments(GenerateClientKeyResponse.class, "{\"clientKey\":\"test_8675309\""),
                arguments(GenerateClientKeyResponse.class, "{\"clientKey\":\"test_8675309\n\"}"),
                arguments(GenerateClientKeyResponse.class, "{\"clientKey\":\"test_8675309\\x\"}"),
                arguments(GenerateClientKeyResponse.class, "{\"clientKey\":\"test_8675309\"} test_8675309"),
                arguments(GenerateClientKeyResponse.class, "{\"clientKey\":\"test_8675309\"} \"8675309\""),
                arguments(GenerateClientKeyResponse.class, "{\"clientKey\":\"1\",\"clientKey\":\"8675309\"}"),
                arguments(GenerateClientKeyResponse.class, "{\"clientKey\":[\"test_8675309\"]}"),
                arguments(GenerateClientKeyResponse.class, "{\"clientKey\":{\"value\":\"test_8675309\"}}"),
                arguments(ApiCredential.class, "{\"active\":\"test_8675309\"}"),
                arguments(ApiCredential.class, "{\"active\":8675309}"),
                arguments(ApiCredential.class, "{\"roles\":\"test_8675309\"}"),
                arguments(ApiCredential.class, "{\"roles\":[8675309]}"),
                arguments(ApiCredential.class, "{\"id\":8675309}"),
                arguments(ApiProblem.class, "{\"status\":\"8675309\"}"),
                arguments(ApiProblem.class, "{\"status\":86753098675309}"),
                arguments(ApiProblem.class, "{\"status\":8675309.5}"),
                arguments(RequestSource.class, "{\"offset\":86753098675309867530986753098675309}"),
                arguments(RequestSource.class, "{\"offset\":\"8675309\"}"),
                arguments(RotationFailed.class, "{\"code\":\"8675309\"}"),
                arguments(RotationFailed.class, "{\"code\":8675309}"),
                arguments(RotationFailed.class, "{\"failedAt\":\"8675309\"}"),
                arguments(ClientKeyRotated.class, "{\"generatedAt\":8675309}"),
                arguments(ClientKeyRotated.class, "{\"recovered\":\"test_8675309\"}"),
                arguments(ClientKeyRotated.class, "{\"requestId\":\"8675309é\",\"recovered\":true}"),
                arguments(
                        ClientKeyRotated.class,
                        "{\"clientKey\":\"test_8675309\",\"keyFingerprint\":\"test_8675309\",\"recovered\":true}"));
    }

    @ParameterizedTest
    @MethodSource("unreadableResponses")
    void anErrorNeverQuotesTheUnreadableValue(Class<?> type, String json) {
        JsonProcessingException error = catchThrowableOfType(
                JsonProcessingException.class, () -> Json.mapper().readValue(json, type));

        assertThat(stackTrace(error)).doesNotContain(CANARY);
    }

    static Stream<Arguments> scalarsOfAnotherType() {
        return Stream.of(
                arguments(String.class, "1"),
                arguments(String.class, "true"),
                arguments(boolean.class, "\"true\""),
                arguments(Boolean.class, "\"8675309\""),
                arguments(Boolean.class, "1"),
                arguments(int.class, "\"1\""),
                arguments(Integer.class, "1.0"),
                arguments(long.class, "1.0"),
                arguments(Long.class, "\"8675309\""),
                arguments(Double.class, "\"1.5\""),
                arguments(Instant.class, "1"),
                arguments(FailureCode.class, "1"),
                arguments(ClientKey.class, "1"));
    }

    @ParameterizedTest
    @MethodSource("scalarsOfAnotherType")
    void noScalarIsCoercedToAnotherType(Class<?> type, String json) {
        assertThatExceptionOfType(MismatchedInputException.class)
                .isThrownBy(() -> Json.mapper().readValue(json, type))
                .withMessageNotContaining(CANARY);
    }

    @Test
    void anErrorNamesTheFieldAndTheExpectedType() {
        JsonProcessingException error = catchThrowableOfType(
                JsonProcessingException.class, () -> Json.mapper().readValue("{\"status\":\"403\"}", ApiProblem.class));

        assertThat(error)
                .hasMessageContainingAll("invalid value of type string, expected a 32-bit integer", "[\"status\"]");
    }

    @Test
    void instantsAreWrittenAsIso8601AndNullsOmitted() throws JsonProcessingException {
        RotationRequest request = Examples.withIdAndTime(null, Examples.SEVEN);

        assertThat(Json.mapper().writeValueAsString(request))
                .isEqualTo("{\"companyId\":\"AcmeCorp\",\"apiCredentialId\":\"S2-6262224667\","
                        + "\"requestedAt\":\"2026-11-23T07:00:00Z\",\"force\":false}");
    }

    private static String stackTrace(Exception e) {
        StringWriter text = new StringWriter();
        e.printStackTrace(new PrintWriter(text));
        return text.toString();
    }
}
