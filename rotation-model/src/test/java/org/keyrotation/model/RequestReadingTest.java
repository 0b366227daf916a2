package org.keyrotation.model;

import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestReadingTest {

    private static final String MISSING = "missing or empty";
    private static final String IDS = "\"companyId\":\"AcmeCorp\",\"apiCredentialId\":\"S2-6262224667\"";

    /** Requests that both the reader and the schema reject. */
    static Stream<Arguments> rejectedByReaderAndSchema() {
        return Stream.of(
                malformed("[]", "The record is not exactly one JSON object"),
                malformed("[{" + IDS + "}]", "The record is not exactly one JSON object"),
                malformed("null", "The record is not exactly one JSON object"),
                malformed("true", "The record is not exactly one JSON object"),
                malformed("17", "The record is not exactly one JSON object"),
                malformed("\"AcmeCorp\"", "The record is not exactly one JSON object"),
                malformed("\"\"", "The record is not exactly one JSON object"),
                malformed("{\"companyId\":17}", "companyId: invalid value of type number, expected a string"),
                malformed("{\"companyId\":true}", "companyId: invalid value of type boolean, expected a string"),
                malformed(
                        "{\"companyId\":{\"id\":\"AcmeCorp\"}}",
                        "companyId: invalid value of type object, expected a string"),
                malformed(with("\"requestId\":17"), "requestId: invalid value of type number, expected a string"),
                malformed(with("\"reason\":[\"leak\"]"), "reason: invalid value of type array, expected a string"),
                malformed(with("\"requestedBy\":1.5"), "requestedBy: invalid value of type number, expected a string"),
                malformed(with("\"force\":\"true\""), "force: invalid value of type string, expected true or false"),
                malformed(with("\"force\":\"\""), "force: invalid value of type string, expected true or false"),
                malformed(with("\"force\":0"), "force: invalid value of type number, expected true or false"),
                malformed(with("\"force\":1"), "force: invalid value of type number, expected true or false"),
                malformed(with("\"requestedAt\":1795417200"), instant(" of type number")),
                malformed(with("\"requestedAt\":1795417200.5"), instant(" of type number")),
                malformed(with("\"requestedAt\":[2026,11,23]"), instant(" of type array")),
                malformed(with("\"requestedAt\":\"1795417200\""), instant("")),
                malformed(with("\"requestedAt\":\"\""), instant("")),
                malformed(with("\"requestedAt\":\"yesterday\""), instant("")),
                malformed(with("\"requestedAt\":\"2026-11-23\""), instant("")),
                malformed(with("\"requestedAt\":\"2026-11-23T07:00:00\""), instant("")),
                malformed(with("\"requestedAt\":\"2026-11-23 07:00:00Z\""), instant("")),
                malformed(with("\"requestedAt\":\"2026-11-23T07:00Z\""), instant("")),
                malformed(with("\"requestedAt\":\"2026-11-23T07:00:00.Z\""), instant("")),
                malformed(with("\"requestedAt\":\"2026-11-23T07:00:00.1234567890Z\""), instant("")),
                malformed(with("\"requestedAt\":\"2026-11-23T07:00:00z\""), instant("")),
                malformed(with("\"requestedAt\":\"2026-11-23T07:00:00.1234567890+1:00\""), instant("")),
                malformed(with("\"requestedAt\":\"2026-11-23T07:00:00Z \""), instant("")),
                malformed(with("\"requestedAt\":\"2026-11-23T07:00:00+01\""), instant("")),
                malformed(with("\"requestedAt\":\"2026-11-23T07:00:00+0100\""), instant("")),
                malformed(with("\"requestedAt\":\"2026-11-23T07:00:00*01:00\""), instant("")),
                malformed(with("\"requestedAt\":\"\u0662026-11-23T07:00:00Z\""), instant("")),
                malformed(with("\"requestedAt\":\"+12026-11-23T07:00:00Z\""), instant("")),
                malformed(with("\"requestedAt\":\"2026-11-23T07:00:00+01:00[Europe/Paris]\""), instant("")),
                invalid("{}", id("companyId", MISSING) + "; " + id("apiCredentialId", MISSING)),
                invalid("{\"apiCredentialId\":\"S2\"}", id("companyId", MISSING)),
                invalid("{\"companyId\":\"AcmeCorp\",\"apiCredentialId\":null}", id("apiCredentialId", MISSING)),
                invalid("{\"companyId\":\"\",\"apiCredentialId\":\"S2\"}", id("companyId", MISSING)),
                invalid(company(".."), id("companyId", "invalid value of length 2")),
                invalid(company("a/b"), id("companyId", "invalid value of length 3")),
                invalid(company("Acme\\n"), id("companyId", "invalid value of length 5")),
                invalid(company("Ácme"), id("companyId", "invalid value of length 4")),
                invalid(company("x".repeat(101)), id("companyId", "invalid value of length 101")),
                invalid(with("\"requestId\":\"\""), requestId(MISSING)),
                invalid(with("\"requestId\":\"é\""), requestId("invalid value of length 1")),
                invalid(with("\"requestId\":\"\\t\""), requestId("invalid value of length 1")),
                invalid(with("\"requestId\":\"" + "x".repeat(101) + "\""), requestId("invalid value of length 101")),
                invalid(with("\"reason\":\"" + "x".repeat(501) + "\""), text("reason", 500, 501)),
                invalid(with("\"requestedBy\":\"" + "x".repeat(201) + "\""), text("requestedBy", 200, 201)));
    }

    /** Requests that only the reader rejects: a schema sees neither the text nor whether a well-formed date exists. */
    static Stream<Arguments> rejectedByTheReaderOnly() {
        return Stream.of(
                malformed("", "The record is empty, expected one JSON object"),
                malformed(" \n", "The record is not exactly one JSON object"),
                malformed("please rotate AcmeCorp", "The record is not valid JSON at line 1, column 3"),
                malformed("{" + IDS, "The record is not valid JSON at line 1, column 58"),
                malformed("{" + IDS + ",}", "The record is not valid JSON at line 1, column 59"),
                malformed("{'companyId':'AcmeCorp'}", "The record is not valid JSON at line 1, column 2"),
                malformed("{\"companyId\":\"Acme", "The record is not valid JSON at line 1, column 19"),
                malformed(with("\"reason\":\"two\nlines\""), "The record is not valid JSON at line 1, column 72"),
                malformed("\uFEFF{" + IDS + "}", "The record is not valid JSON at line 1, column 1"),
                malformed("{" + IDS + "}{" + IDS + "}", "The record is not exactly one JSON object"),
                malformed("{" + IDS + "} null", "The record is not exactly one JSON object"),
                malformed("{" + IDS + "} x", "The record is not valid JSON at line 1, column 61"),
                malformed("{" + IDS + "} // no comment", "The record is not valid JSON at line 1, column 60"),
                malformed(with("\"force\":false,\"force\":true"), "The record repeats a field at line 1, column 80"),
                malformed(with("\"x\":{\"y\":1,\"y\":2}"), "The record repeats a field at line 1, column 73"),
                malformed(
                        with("\"x\":" + "[".repeat(2_000) + "]".repeat(2_000)),
                        "The record nests too deeply, or has a name or number that is too long"),
                malformed(with("\"requestedAt\":\"2026-02-29T07:00:00Z\""), instant("")),
                malformed(with("\"requestedAt\":\"2026-11-23T24:00:00Z\""), instant("")),
                malformed(with("\"requestedAt\":\"2026-11-23T23:59:60Z\""), instant("")),
                malformed(with("\"requestedAt\":\"2026-11-23T07:00:00+19:00\""), instant("")),
                malformed(with("\"requestedAt\":\"0000-01-01T00:00:00+01:00\""), instant("")),
                malformed(with("\"requestedAt\":\"9999-12-31T23:59:59-01:00\""), instant("")),
                invalid(with("\"reason\":\"\\ud800\""), text("reason", 500, 1)),
                invalid(with("\"requestedBy\":\"\\udc00\""), text("requestedBy", 200, 1)));
    }

    @ParameterizedTest
    @MethodSource({"rejectedByReaderAndSchema", "rejectedByTheReaderOnly"})
    void theReaderRejectsWithADetail(String json, FailureCode code, String detail) {
        UnreadableRequestException rejection = rejection(json.getBytes(UTF_8));

        assertThat(rejection.code()).isEqualTo(code);
        assertThat(rejection).hasMessage(detail).hasNoCause();
    }

    @ParameterizedTest
    @MethodSource("rejectedByReaderAndSchema")
    void theSchemaRejectsItToo(String json) throws IOException {
        assertThat(Schemas.violations(Schemas.REQUEST, json)).isNotEmpty();
    }

    @Test
    void aTombstoneIsMalformed() {
        assertThat(rejection(null)).hasMessage("The record is a tombstone, expected one JSON object");
        assertThat(rejection(null).code()).isEqualTo(FailureCode.MALFORMED_REQUEST);
    }

    @Test
    void sixtyFourKibibytesAreReadAndOneByteMoreIsMalformed() {
        String request = "{" + IDS + "}";
        String largest = request + " ".repeat(64 * 1024 - request.length());

        assertThat(Examples.read(largest)).isEqualTo(RotationRequest.of(Examples.CREDENTIAL));
        assertThat(rejection((largest + " ").getBytes(UTF_8)))
                .hasMessage("The record has 65537 bytes, expected at most 65536");
    }

    static Stream<Charset> otherCharsets() {
        return Stream.of(
                UTF_16BE,
                UTF_16LE,
                StandardCharsets.UTF_16,
                Charset.forName("UTF-32BE"),
                Charset.forName("UTF-32LE"),
                StandardCharsets.ISO_8859_1);
    }

    @ParameterizedTest
    @MethodSource("otherCharsets")
    void jsonInAnotherCharsetIsMalformed(Charset charset) {
        byte[] json = with("\"reason\":\"Schlüssel verloren\"").getBytes(charset);

        assertThat(rejection(json).code()).isEqualTo(FailureCode.MALFORMED_REQUEST);
    }

    @Test
    void invalidUtf8IsMalformed() {
        byte[] overlongSlash = {'"', (byte) 0xC0, (byte) 0xAF, '"'};

        assertThat(rejection(overlongSlash)).hasMessage("The record is not valid UTF-8");
    }

    @Test
    void allInvalidFieldsAreReportedTogether() {
        String json = "{\"requestId\":\"\",\"companyId\":\"/\",\"reason\":\"" + "x".repeat(501) + "\"}";

        assertThat(rejection(json.getBytes(UTF_8)))
                .hasMessage(String.join(
                        "; ",
                        requestId(MISSING),
                        id("companyId", "invalid value of length 1"),
                        id("apiCredentialId", MISSING),
                        text("reason", 500, 501)));
    }

    @Test
    void anInvalidRequestKeepsItsValidIds() {
        UnreadableRequestException reason =
                rejection(with("\"requestId\":\"r-1\",\"reason\":\"" + "x".repeat(501) + "\"")
                        .getBytes(UTF_8));
        UnreadableRequestException ids = rejection("{\"requestId\":\"é\",\"companyId\":\"Acme\"}".getBytes(UTF_8));

        assertThat(reason.requestId()).isEqualTo("r-1");
        assertThat(reason.credential()).isEqualTo(Examples.CREDENTIAL);
        assertThat(ids.requestId()).isNull();
        assertThat(ids.credential()).isNull();
    }

    @Test
    void aMalformedRequestHasNoIds() {
        UnreadableRequestException rejection =
                rejection(with("\"requestId\":\"r-1\",\"force\":1").getBytes(UTF_8));

        assertThat(rejection.requestId()).isNull();
        assertThat(rejection.credential()).isNull();
    }

    @Test
    void twoIdsAreEnough() throws IOException {
        String json = "{" + IDS + "}";

        assertThat(Examples.read(json)).isEqualTo(RotationRequest.of(Examples.CREDENTIAL));
        assertThat(Schemas.violations(Schemas.REQUEST, json)).isEmpty();
    }

    @Test
    void nullCountsAsAbsent() throws IOException {
        String json =
                with("\"requestId\":null,\"reason\":null,\"requestedBy\":null,\"requestedAt\":null,\"force\":null");

        assertThat(Examples.read(json)).isEqualTo(RotationRequest.of(Examples.CREDENTIAL));
        assertThat(Schemas.violations(Schemas.REQUEST, json)).isEmpty();
    }

    @Test
    void unknownFieldsAreIgnored() throws IOException {
        String json = with("\"priority\":1,\"COMPANYID\":\"x\",\"tags\":[{\"a\":null}]");

        assertThat(Examples.read(json)).isEqualTo(RotationRequest.of(Examples.CREDENTIAL));
        assertThat(Schemas.violations(Schemas.REQUEST, json)).isEmpty();
    }

    @Test
    void theLongestValuesAreReadAndMatchTheSchema() throws IOException {
        String longest =
                "{\"requestId\":\"%s\",\"companyId\":\"%s\",\"apiCredentialId\":\"%s\",\"reason\":\"%s\",\"requestedBy\":\"%s\"}"
                        .formatted(
                                "~".repeat(100), "a".repeat(100), "9".repeat(100), "🔑".repeat(500), "é".repeat(200));

        assertThat(Examples.read(longest).reason()).isEqualTo("🔑".repeat(500));
        assertThat(Schemas.violations(Schemas.REQUEST, longest)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "ws@Company.AcmeCorp", "S2-626222_4667", "a.b-c_d@e"})
    void theseIdsAreValid(String id) throws IOException {
        assertThat(Examples.read(company(id)).companyId()).isEqualTo(id);
        assertThat(Schemas.violations(Schemas.REQUEST, company(id))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "2026-11-23T07:00:00Z, 2026-11-23T07:00:00Z",
        "2026-11-23T08:30:00+01:30, 2026-11-23T07:00:00Z",
        "2026-11-22T23:00:00-08:00, 2026-11-23T07:00:00Z",
        "2026-11-23T07:00:00-00:00, 2026-11-23T07:00:00Z",
        "2026-11-24T01:00:00+18:00, 2026-11-23T07:00:00Z",
        "2026-11-23T07:00:00.5Z, 2026-11-23T07:00:00.500Z",
        "2026-11-23T07:00:00.000000001Z, 2026-11-23T07:00:00.000000001Z",
        "2026-11-23T07:00:00.123456789Z, 2026-11-23T07:00:00.123456789Z",
        "0000-01-01T00:00:00Z, 0000-01-01T00:00:00Z",
        "9999-12-31T23:59:59Z, 9999-12-31T23:59:59Z"
    })
    void anInstantHasZOrAnOffset(String text, Instant instant) throws IOException {
        String json = with("\"requestedAt\":\"" + text + "\"");

        assertThat(Examples.read(json).requestedAt()).isEqualTo(instant);
        assertThat(Schemas.violations(Schemas.REQUEST, json)).isEmpty();
    }

    @Test
    void theRequestOfTheDesignIsReadAndMatchesTheSchema() throws IOException {
        String json =
                """
                {"requestId": "0b5c", "companyId": "AcmeCorp", "apiCredentialId": "S2-6262", "reason": "suspected leak",
                 "requestedBy": "alice", "requestedAt": "2026-11-23T07:00:00Z", "force": false}
                """;

        assertThat(Examples.read(json))
                .isEqualTo(new RotationRequest(
                        "0b5c", "AcmeCorp", "S2-6262", "suspected leak", "alice", Examples.SEVEN, false));
        assertThat(Schemas.violations(Schemas.REQUEST, json)).isEmpty();
    }

    private static UnreadableRequestException rejection(byte @Nullable [] json) {
        return catchThrowableOfType(UnreadableRequestException.class, () -> RotationRequest.read(json));
    }

    private static Arguments malformed(String json, String detail) {
        return arguments(json, FailureCode.MALFORMED_REQUEST, detail);
    }

    private static Arguments invalid(String json, String detail) {
        return arguments(json, FailureCode.INVALID_REQUEST, detail);
    }

    private static String with(String fields) {
        return "{" + IDS + "," + fields + "}";
    }

    private static String company(String id) {
        return "{\"companyId\":\"" + id + "\",\"apiCredentialId\":\"S2-6262224667\"}";
    }

    private static String instant(String problem) {
        return "requestedAt: invalid value" + problem
                + ", expected a string with an ISO-8601 instant such as 2026-11-23T07:00:00Z";
    }

    private static String id(String field, String problem) {
        return field + ": " + problem + ", expected an id that matches [A-Za-z0-9][A-Za-z0-9._@-]{0,99}";
    }

    private static String requestId(String problem) {
        return "requestId: " + problem + ", expected 1 to 100 printable ASCII characters";
    }

    private static String text(String field, int maxLength, int length) {
        return field + ": invalid value of length " + length + ", expected at most " + maxLength
                + " characters without unpaired surrogates";
    }
}
