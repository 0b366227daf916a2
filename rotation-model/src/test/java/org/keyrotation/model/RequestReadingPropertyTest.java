package org.keyrotation.model;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.time.api.DateTimes;

class RequestReadingPropertyTest {

    private static final String CANARY = "CANARY";

    @Property
    void anyBytesAreARequestOrUnreadable(@ForAll byte[] bytes) {
        assertReadOrRejectedWithoutQuotes(bytes);
    }

    @Property
    void anyBytesWithinARequestAreReadOrRejectedWithoutQuotes(
            @ForAll byte[] inserted, @ForAll int from, @ForAll int to) {
        byte[] request = ("{\"requestId\":\"CANARY\",\"companyId\":\"CANARY\",\"apiCredentialId\":\"CANARY\","
                        + "\"requestedAt\":\"2026-11-23T07:00:00Z\",\"force\":true,\"CANARY\":[\"CANARY\"]}")
                .getBytes(UTF_8);
        int start = Math.floorMod(from, request.length);
        int end = start + Math.floorMod(to, Math.min(8, request.length - start));

        assertReadOrRejectedWithoutQuotes(replaced(request, start, end, inserted));
    }

    @Property
    void almostJsonIsReadOrRejectedWithoutQuotes(@ForAll @From("almostJson") String text) {
        assertReadOrRejectedWithoutQuotes(text.getBytes(UTF_8));
    }

    @Property
    void anyValidRequestSurvivesARoundTripAndMatchesTheSchema(@ForAll @From("requests") RotationRequest request)
            throws IOException {
        byte[] json = Json.mapper().writeValueAsBytes(request);

        assertThat(RotationRequest.read(json)).isEqualTo(request);
        assertThat(Schemas.violations(Schemas.REQUEST, new String(json, UTF_8))).isEmpty();
    }

    @Property
    void anInstantIsReadAsJavaTimeReadsIt(@ForAll @From("rfc3339") String text) throws IOException {
        assertThat(Json.mapper().readValue("\"" + text + "\"", Instant.class))
                .isEqualTo(OffsetDateTime.parse(text).toInstant());
    }

    @Provide
    Arbitrary<String> rfc3339() {
        Arbitrary<LocalDateTime> second = DateTimes.dateTimes()
                .between(LocalDateTime.of(1, 1, 1, 0, 0), LocalDateTime.of(9998, 12, 31, 23, 59, 59));
        Arbitrary<String> fraction =
                Arbitraries.strings().numeric().ofMaxLength(9).map(digits -> digits.isEmpty() ? "" : "." + digits);
        Arbitrary<String> offset = Arbitraries.of("Z", "+00:00", "-00:00", "+05:45", "-18:00");
        DateTimeFormatter seconds = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss");
        return Combinators.combine(second, fraction, offset).as((at, part, zone) -> seconds.format(at) + part + zone);
    }

    @Provide
    Arbitrary<String> almostJson() {
        Arbitrary<String> field = Arbitraries.of(
                        "requestId",
                        "companyId",
                        "apiCredentialId",
                        "reason",
                        "requestedBy",
                        "requestedAt",
                        "force",
                        CANARY)
                .map(name -> "\"" + name + "\":");
        Arbitrary<String> value = Arbitraries.of(
                "\"CANARY\"",
                "CANARY",
                "\"CANARY",
                "\"\\uCANARY\"",
                "{\"CANARY\":\"CANARY\"}",
                "[\"CANARY\"]",
                "\"CANARY \\ud800\"",
                "true",
                "null",
                "-1e9",
                "\"2026-11-23T07:00:00CANARY\"",
                "\"" + CANARY.repeat(100) + "\"");
        return Combinators.combine(field, value)
                .as(String::concat)
                .list()
                .ofMaxSize(6)
                .map(fields -> "{" + String.join(",", fields) + "}");
    }

    @Provide
    Arbitrary<RotationRequest> requests() {
        return Combinators.combine(
                        requestIds().injectNull(0.2),
                        ids(),
                        ids(),
                        texts(500).injectNull(0.2),
                        texts(200).injectNull(0.2),
                        instants().injectNull(0.2),
                        Arbitraries.of(true, false))
                .as(RotationRequest::new);
    }

    private static Arbitrary<String> ids() {
        Arbitrary<Character> first = Arbitraries.chars().alpha().numeric();
        Arbitrary<String> rest =
                Arbitraries.strings().alpha().numeric().withChars("._@-").ofMaxLength(99);
        return Combinators.combine(first, rest).as((head, tail) -> head + tail);
    }

    private static Arbitrary<String> requestIds() {
        return Arbitraries.strings().withCharRange(' ', '~').ofMinLength(1).ofMaxLength(100);
    }

    private static Arbitrary<String> texts(int maxLength) {
        return Arbitraries.integers()
                .between(0, Character.MAX_CODE_POINT)
                .filter(point -> point < Character.MIN_SURROGATE || point > Character.MAX_SURROGATE)
                .list()
                .ofMaxSize(maxLength)
                .map(points -> join(points));
    }

    private static Arbitrary<Instant> instants() {
        return DateTimes.instants()
                .between(Instant.parse("0001-01-01T00:00:00Z"), Instant.parse("9999-12-31T23:59:59Z"));
    }

    private static String join(List<Integer> points) {
        StringBuilder text = new StringBuilder();
        points.forEach(text::appendCodePoint);
        return text.toString();
    }

    private static void assertReadOrRejectedWithoutQuotes(byte[] bytes) {
        try {
            assertThat(RotationRequest.read(bytes).companyId()).isNotEmpty();
        } catch (UnreadableRequestException e) {
            assertThat(e.code()).isIn(FailureCode.MALFORMED_REQUEST, FailureCode.INVALID_REQUEST);
            assertThat(stackTrace(e)).doesNotContain(CANARY);
        }
    }

    private static String stackTrace(Exception e) {
        StringWriter text = new StringWriter();
        e.printStackTrace(new PrintWriter(text));
        return text.toString();
    }

    private static byte[] replaced(byte[] bytes, int start, int end, byte[] inserted) {
        byte[] result = Arrays.copyOf(bytes, bytes.length - (end - start) + inserted.length);
        System.arraycopy(inserted, 0, result, start, inserted.length);
        System.arraycopy(bytes, end, result, start + inserted.length, bytes.length - end);
        return result;
    }
}
