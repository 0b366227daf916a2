package org.keyrotation.model;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventTest {

    @Test
    void a_new_key_is_a_CloudEvent_of_its_request() {
        assertThat(Examples.ROTATED.type()).isEqualTo("org.keyrotation.clientkey.rotated.v1");
        assertThat(Examples.ROTATED.id()).isEqualTo("0b5c8f2e");
        assertThat(Examples.ROTATED.credential()).isEqualTo(Examples.CREDENTIAL);
        assertThat(Examples.ROTATED.time()).isEqualTo(Examples.ROTATED.generatedAt());
    }

    @Test
    void a_failure_is_a_CloudEvent_of_its_request() {
        assertThat(Examples.FAILED.type()).isEqualTo("org.keyrotation.clientkey.rotation-failed.v1");
        assertThat(Examples.FAILED.id()).isEqualTo("0b5c8f2e");
        assertThat(Examples.FAILED.credential()).isEqualTo(Examples.CREDENTIAL);
        assertThat(Examples.FAILED.time()).isEqualTo(Examples.FAILED.failedAt());
    }

    @Test
    void a_failure_without_a_requestId_is_known_by_its_source() {
        assertThat(Examples.failed(null, "", Examples.SOURCE, null).id()).isEqualTo("rotation.requests-3-1042");
        assertThat(Examples.failed(null, "", null, null).id()).isEqualTo("unknown");
    }

    @Test
    void a_failure_with_half_a_credential_has_none() {
        RotationFailed failed = new RotationFailed(
                null, "AcmeCorp", null, FailureCode.INVALID_REQUEST, "", false, 0, Examples.SEVEN, null, null, null);

        assertThat(failed.credential()).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"sha256:0000000000000000", "sha256:A09C13C9B22E2021", "a09c13c9b22e2021", ""})
    void a_fingerprint_must_be_that_of_the_key(String fingerprint) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> rotated(fingerprint, null))
                .withMessageStartingWith("keyFingerprint must be");
    }

    @Test
    void the_fingerprint_of_the_previous_key_must_be_one() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> rotated(Examples.KEY.fingerprint(), "test_CANARY"))
                .withMessage("previousKeyFingerprint must be sha256: and 16 lower-case hex digits, "
                        + "but is a string of 11 characters");
    }

    @Test
    void an_answer_of_any_length_makes_an_event_that_can_be_published() throws IOException {
        String endless = "\uD800" + "🔑".repeat(1_000_000);
        ApiProblem problem = new ApiProblem(endless, endless, endless, endless, 500, endless);
        RotationFailed failed = new RotationFailed(
                null, null, null, FailureCode.GAVE_UP, endless, true, 9, Examples.SEVEN, problem, null, endless);
        byte[] json = Json.mapper().writeValueAsBytes(failed);

        assertThat(failed.detail()).hasSize(1_000).startsWith("?🔑");
        assertThat(json).hasSizeLessThan(64 * 1_024);
        assertThat(Json.mapper().readValue(json, RotationFailed.class)).isEqualTo(failed);
        assertThat(Schemas.violations(Schemas.FAILED, new String(json, UTF_8))).isEmpty();
    }

    @Test
    void the_first_bytes_of_a_record_are_text_whatever_they_are() {
        byte[] large = "é".repeat(3_000).getBytes(UTF_8);

        assertThat(RotationFailed.firstBytesOf(large)).isEqualTo("é".repeat(2_048));
        assertThat(RotationFailed.firstBytesOf(new byte[] {'a', (byte) 0xFF, 'b'}))
                .isEqualTo("a\uFFFDb");
        assertThat(RotationFailed.firstBytesOf(null)).isNull();
    }

    @ParameterizedTest
    @EnumSource
    void only_giving_up_is_worth_another_request(FailureCode code) {
        assertThat(code.retryable()).isEqualTo(code == FailureCode.GAVE_UP);
    }

    @Test
    void a_source_has_no_negative_numbers() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RequestSource("t", -1, -1))
                .withMessage("partition must not be negative; offset must not be negative");
    }

    private static ClientKeyRotated rotated(String fingerprint, @Nullable String previousFingerprint) {
        return new ClientKeyRotated(
                "r-1",
                "AcmeCorp",
                "S2-6262224667",
                Examples.KEY,
                fingerprint,
                previousFingerprint,
                Examples.SEVEN,
                Examples.SEVEN,
                Examples.SEVEN,
                false);
    }
}
