package org.keyrotation.model;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ApiResponsesTest {

    private static final String CREDENTIAL =
            """
            {"id": "S2-6262224667", "username": "ws@Company.AcmeCorp", "clientKey": "test_old", "active": true,
             "allowedIpAddresses": ["192.0.2.1"], "roles": ["Checkout webservice role"], "description": "web shop",
             "allowedOrigins": [{"id": "1", "domain": "http://localhost", "_links": {"self": {"href": "x"}}}],
             "associatedMerchantAccounts": [], "_links": {"self": {"href": "x"}}, "somethingNew": [[{}]]}
            """;

    @Test
    void aNewKeyIsRead() throws JsonProcessingException {
        assertThat(Json.mapper().readValue("{\"clientKey\": \"test_1\"}", GenerateClientKeyResponse.class))
                .isEqualTo(new GenerateClientKeyResponse(new ClientKey("test_1")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"clientKey\": null}", "{\"clientKey\": \"\"}", "{\"ClientKey\": \"test_1\"}"})
    void aResponseWithoutAKeyIsAnError(String json) {
        assertThatExceptionOfType(ValueInstantiationException.class)
                .isThrownBy(() -> Json.mapper().readValue(json, GenerateClientKeyResponse.class))
                .withMessageContaining("clientKey");
    }

    @Test
    void unneededFieldsOfACredentialAreIgnored() throws JsonProcessingException {
        assertThat(Json.mapper().readValue(CREDENTIAL, ApiCredential.class))
                .isEqualTo(new ApiCredential(
                        "S2-6262224667",
                        "ws@Company.AcmeCorp",
                        new ClientKey("test_old"),
                        List.of("192.0.2.1"),
                        List.of("Checkout webservice role"),
                        true,
                        "web shop"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"id", "username", "allowedIpAddresses", "roles", "active"})
    void aCredentialWithoutARequiredFieldIsAnError(String field) throws JsonProcessingException {
        ObjectNode json = (ObjectNode) Json.mapper().readTree(CREDENTIAL);
        json.remove(field);

        assertThatExceptionOfType(JsonMappingException.class)
                .isThrownBy(() -> Json.mapper().readValue(json.toString(), ApiCredential.class))
                .withMessageContaining(field);
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "\"\"", "\" \""})
    void aCredentialMayHaveNoKeyYet(String absent) throws JsonProcessingException {
        String json = CREDENTIAL.replace("\"test_old\"", absent);

        assertThat(Json.mapper().readValue(json, ApiCredential.class).clientKey())
                .isNull();
    }

    @Test
    void aCredentialMayOmitItsKey() throws JsonProcessingException {
        String json = CREDENTIAL.replace("\"clientKey\": \"test_old\",", "");

        assertThat(Json.mapper().readValue(json, ApiCredential.class).clientKey())
                .isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"42", "{}", "[\"test_old\"]", "\"not printable \\u0007\""})
    void anInvalidKeyOfACredentialIsAnError(String invalid) {
        String json = CREDENTIAL.replace("\"test_old\"", invalid);

        assertThatExceptionOfType(JsonMappingException.class)
                .isThrownBy(() -> Json.mapper().readValue(json, ApiCredential.class))
                .withMessageContaining("clientKey")
                .withMessageNotContaining("test_old");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'errorCode': 704, 'detail': 'd', 'status': 422}                      | 704 | d | 422",
                "{'errorCode': '704', 'detail': 'd', 'status': '422'}                  | 704 | d | 422",
                "{'errorCode': '704', 'detail': 'd', 'status': {}}                     | 704 | d |",
                "{'errorCode': '704', 'detail': 'd', 'status': 99999999999}            | 704 | d |",
                "{'errorCode': '704', 'detail': ['d'], 'title': 4, 'status': 422}      | 704 |   | 422",
                "{'errorCode': '704', 'invalidFields': {'name': 'n'}, 'response': 'x'} | 704 |   |",
                "{'errorCode': '704', 'detail': '', 'status': null, 'new': [[{}]]}     | 704 |   |",
                "{'errorCode': '000', 'message': 'm', 'errorType': 'security'}         | 000 | m |",
                "{'errorCode': '000', 'message': 'm', 'detail': 'd'}                   | 000 | d |",
            })
    void oneFieldOfAnUnexpectedTypeDropsNoOther(
            String json, String errorCode, @Nullable String detail, @Nullable Integer status) {
        ApiProblem problem = ApiProblem.read(bytes(json));

        assertThat(problem).isNotNull();
        assertThat(problem.errorCode()).isEqualTo(errorCode);
        assertThat(problem.detail()).isEqualTo(detail);
        assertThat(problem.status()).isEqualTo(status);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "null",
                "[{'errorCode': '704'}]",
                "'704'",
                "{}",
                "{'errorCode': null, 'detail': 'd'}",
                "{'errorCode': ' ', 'detail': 'd'}",
                "{'errorCode': {'a': 1}, 'detail': 'd'}",
                "{'message': 'Endpoint request timed out'}",
                "<html>errorCode</html>",
                "{'errorCode': '704'"
            })
    void anythingElseThanAnObjectWithAnErrorCodeIsNoProblem(String body) {
        assertThat(ApiProblem.read(bytes(body))).isNull();
    }

    private static byte[] bytes(String json) {
        return json.replace('\'', '"').getBytes(UTF_8);
    }

    @Test
    void sensitiveFieldsOfAProblemAreIgnored() {
        String json =
                """
                {"type": "https://docs.adyen.com/errors/validation", "errorCode": "30_112", "title": "Invalid",
                 "detail": "The request is wrong", "status": 422, "requestId": "NC6H", "instance": "/x",
                 "invalidFields": [{"name": "n", "value": "CANARY", "message": "m"}], "response": {"key": "CANARY"}}
                """;

        assertThat(ApiProblem.read(bytes(json)))
                .isEqualTo(new ApiProblem(
                        "https://docs.adyen.com/errors/validation",
                        "30_112",
                        "Invalid",
                        "The request is wrong",
                        422,
                        "NC6H"))
                .asString()
                .doesNotContain("CANARY");
    }
}
