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

    private static final String IDS = "\"companyId\":\"AcmeCorp\",\"apiCredentialId\":\"S2-6262224667\"";

    /** What a schema can tell, the reader and the schema tell alike. */
    static Stream<Arguments> refusedByReaderAndSchema() {
        return Stream.of(
                malformed("[]", "the record is not exactly one JSON object"),
                malformed("[{" + IDS + "}]", "the record is not exactly one JSON object"),
                malformed("null", "the record is not exactly one JSON object"),
                malformed("true", "the record is not exactly one JSON object"),
                malformed("17", "the record is not exactly one JSON object"),
                malformed("\"AcmeCorp\"", "the record is not exactly one JSON object"),
                malformed("\"\"", "the record is not exactly one JSON object"),
                malformed("{\"companyId\":17}", "companyId must be a string, but is a number"),
                malformed("{\"companyId\":true}", "companyId must be a string, but is a boolean"),
                malformed("{\"companyId\":{\"id\":\"AcmeCorp\"}}", "companyId must be a string, but is an object"),
                malformed(with("\"requestId\":17"), "requestId must be a string, but is a number"),
                malformed(with("\"reason\":[\"leak\"]"), "reason must be a string, but is an array"),
                malformed(with("\"requestedBy\":1.5"), "requestedBy must be a string, but is a number"),
                malformed(with("\"force\":\"true\""), "force must be true or false, but is a string"),
                malformed(with("\"force\":\"\""), "force must be true or false, but is a string"),
                malformed(with("\"force\":0"), "force must be true or false, but is a number"),
                malformed(with("\"force\":1"), "force must be true or false, but is a number"),
                malformed(with("\"requestedAt\":1795417200"), instant(", but is a number")),
                malformed(with("\"requestedAt\":1795417200.5"), instant(", but is a number")),
                malformed(with("\"requestedAt\":[2026,11,23]"), instant(", but is an array")),
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
                invalid("{}", id("companyId", "missing or empty") + "; " + id("apiCredentialId", "missing or empty")),
                invalid("{\"apiCredentialId\":\"S2\"}", id("companyId", "missing or empty")),
                invalid(
                        "{\"companyId\":\"AcmeCorp\",\"apiCredentialId\":null}",
                        id("apiCredentialId", "missing or empty")),
                invalid("{\"companyId\":\"\",\"apiCredentialId\":\"S2\"}", id("companyId", "missing or empty")),
                invalid(company(".."), id("companyId", "a string of 2 characters")),
                invalid(company("a/b"), id("companyId", "a string of 3 characters")),
                invalid(company("Acme\\n"), id("companyId", "a string of 5 characters")),
                invalid(company("Ácme"), id("companyId", "a string of 4 characters")),
                invalid(company("x".repeat(101)), id("companyId", "a string of 101 characters")),
                invalid(with("\"requestId\":\"\""), requestId("empty")),
                invalid(with("\"requestId\":\"é\""), requestId("a string of 1 characters")),
                invalid(with("\"requestId\":\"\\t\""), requestId("a string of 1 characters")),
                invalid(with("\"requestId\":\"" + "x".repeat(101) + "\""), requestId("a string of 101 characters")),
                invalid(with("\"reason\":\"" + "x".repeat(501) + "\""), text("reason", 500, 501)),
                invalid(with("\"requestedBy\":\"" + "x".repeat(201) + "\""), text("requestedBy", 200, 201)));
    }

    /** What no schema can tell: how the text is written, and whether a well-formed date exists. */
    static Stream<Arguments> refusedByTheReaderAlone() {
        return Stream.of(
                malformed("", "the record is empty"),
                malformed(" \n", "the record is not exactly one JSON object"),
                malformed("please rotate AcmeCorp", "the record is not JSON at line 1, column 3"),
                malformed("{" + IDS, "the record is not JSON at line 1, column 58"),
                malformed("{" + IDS + ",}", "the record is not JSON at line 1, column 59"),
                malformed("{'companyId':'AcmeCorp'}", "the record is not JSON at line 1, column 2"),
                malformed("{\"companyId\":\"Acme", "the record is not JSON at line 1, column 19"),
                malformed(with("\"reason\":\"two\nlines\""), "the record is not JSON at line 1, column 72"),
                malformed("\uFEFF{" + IDS + "}", "the record is not JSON at line 1, column 1"),
                malformed("{" + IDS + "}{" + IDS + "}", "the record is not exactly one JSON object"),
                malformed("{" + IDS + "} null", "the record is not exactly one JSON object"),
                malformed("{" + IDS + "} x", "the record is not JSON at line 1, column 61"),
                malformed("{" + IDS + "} // no comment", "the record is not JSON at line 1, column 60"),
                malformed(with("\"force\":false,\"force\":true"), "the record repeats a field at line 1, column 80"),
                malformed(with("\"x\":{\"y\":1,\"y\":2}"), "the record repeats a field at line 1, column 73"),
                malformed(
                        with("\"x\":" + "[".repeat(2_000) + "]".repeat(2_000)),
                        "the record nests too deep, or has too long a name or number"),
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
    @MethodSource({"refusedByReaderAndSchema", "refusedByTheReaderAlone"})
    void the_reader_refuses_and_says_why(String json, FailureCode code, String detail) {
        UnreadableRequestException refusal = refusal(json.getBytes(UTF_8));

        assertThat(refusal.code()).isEqualTo(code);
        assertThat(refusal).hasMessage(detail).hasNoCause();
    }

    @ParameterizedTest
    @MethodSource("refusedByReaderAndSchema")
    void the_schema_refuses_it_too(String json) throws IOException {
        assertThat(Schemas.violations(Schemas.REQUEST, json)).isNotEmpty();
    }

    @Test
    void a_tombstone_is_malformed() {
        assertThat(refusal(null)).hasMessage("the record is a tombstone");
        assertThat(refusal(null).code()).isEqualTo(FailureCode.MALFORMED_REQUEST);
    }

    @Test
    void sixty_four_KiB_are_read_and_a_byte_more_is_malformed() {
        String request = "{" + IDS + "}";
        String largest = request + " ".repeat(64 * 1024 - request.length());

        assertThat(Examples.read(largest)).isEqualTo(RotationRequest.of(Examples.CREDENTIAL));
        assertThat(refusal((largest + " ").getBytes(UTF_8)))
                .hasMessage("the record has 65537 bytes, of which at most 65536 are allowed");
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
    void JSON_in_another_charset_is_malformed(Charset charset) {
        byte[] json = with("\"reason\":\"Schlüssel verloren\"").getBytes(charset);

        assertThat(refusal(json).code()).isEqualTo(FailureCode.MALFORMED_REQUEST);
    }

    @Test
    void bytes_that_are_not_UTF_8_are_malformed() {
        byte[] overlongSlash = {'"', (byte) 0xC0, (byte) 0xAF, '"'};

        assertThat(refusal(overlongSlash)).hasMessage("the record is not UTF-8");
    }

    @Test
    void all_rules_that_are_broken_are_told_together() {
        String json = "{\"requestId\":\"\",\"companyId\":\"/\",\"reason\":\"" + "x".repeat(501) + "\"}";

        assertThat(refusal(json.getBytes(UTF_8)))
                .hasMessage(String.join(
                        "; ",
                        requestId("empty"),
                        id("companyId", "a string of 1 characters"),
                        id("apiCredentialId", "missing or empty"),
                        text("reason", 500, 501)));
    }

    @Test
    void an_invalid_request_is_named_as_far_as_it_could_be_read() {
        UnreadableRequestException reason = refusal(with("\"requestId\":\"r-1\",\"reason\":\"" + "x".repeat(501) + "\"")
                .getBytes(UTF_8));
        UnreadableRequestException ids = refusal("{\"requestId\":\"é\",\"companyId\":\"Acme\"}".getBytes(UTF_8));

        assertThat(reason.requestId()).isEqualTo("r-1");
        assertThat(reason.credential()).isEqualTo(Examples.CREDENTIAL);
        assertThat(ids.requestId()).isNull();
        assertThat(ids.credential()).isNull();
    }

    @Test
    void a_malformed_request_is_not_named() {
        UnreadableRequestException refusal =
                refusal(with("\"requestId\":\"r-1\",\"force\":1").getBytes(UTF_8));

        assertThat(refusal.requestId()).isNull();
        assertThat(refusal.credential()).isNull();
    }

    @Test
    void two_ids_are_enough() throws IOException {
        String json = "{" + IDS + "}";

        assertThat(Examples.read(json)).isEqualTo(RotationRequest.of(Examples.CREDENTIAL));
        assertThat(Schemas.violations(Schemas.REQUEST, json)).isEmpty();
    }

    @Test
    void null_is_the_same_as_absent() throws IOException {
        String json =
                with("\"requestId\":null,\"reason\":null,\"requestedBy\":null,\"requestedAt\":null,\"force\":null");

        assertThat(Examples.read(json)).isEqualTo(RotationRequest.of(Examples.CREDENTIAL));
        assertThat(Schemas.violations(Schemas.REQUEST, json)).isEmpty();
    }

    @Test
    void unknown_fields_are_ignored() throws IOException {
        String json = with("\"priority\":1,\"COMPANYID\":\"x\",\"tags\":[{\"a\":null}]");

        assertThat(Examples.read(json)).isEqualTo(RotationRequest.of(Examples.CREDENTIAL));
        assertThat(Schemas.violations(Schemas.REQUEST, json)).isEmpty();
    }

    @Test
    void the_longest_allowed_values_are_read_and_fit_the_schema() throws IOException {
        String longest =
                "{\"requestId\":\"%s\",\"companyId\":\"%s\",\"apiCredentialId\":\"%s\",\"reason\":\"%s\",\"requestedBy\":\"%s\"}"
                        .formatted(
                                "~".repeat(100), "a".repeat(100), "9".repeat(100), "🔑".repeat(500), "é".repeat(200));

        assertThat(Examples.read(longest).reason()).isEqualTo("🔑".repeat(500));
        assertThat(Schemas.violations(Schemas.REQUEST, longest)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "ws@Company.AcmeCorp", "S2-626222_4667", "a.b-c_d@e"})
    void ids_may_have_these_shapes(String id) throws IOException {
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
    void an_instant_has_Z_or_an_offset(String text, Instant instant) throws IOException {
        String json = with("\"requestedAt\":\"" + text + "\"");

        assertThat(Examples.read(json).requestedAt()).isEqualTo(instant);
        assertThat(Schemas.violations(Schemas.REQUEST, json)).isEmpty();
    }

    @Test
    void the_example_of_the_design_is_read_and_fits_the_schema() throws IOException {
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

    private static UnreadableRequestException refusal(byte @Nullable [] json) {
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

    private static String instant(String found) {
        return "requestedAt must be a string with an ISO-8601 instant, such as 2026-11-23T07:00:00Z" + found;
    }

    private static String id(String field, String found) {
        return field + " must match [A-Za-z0-9][A-Za-z0-9._@-]{0,99}, but is " + found;
    }

    private static String requestId(String found) {
        return "requestId must be 1 to 100 printable ASCII characters, but is " + found;
    }

    private static String text(String field, int most, int length) {
        return field + " must be at most " + most + " characters, and no half of a surrogate pair, but is a string of "
                + length + " characters";
    }
}
