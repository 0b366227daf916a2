package org.keyrotation.model;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventTest {

    @Test
    void aNewKeyIsACloudEvent() {
        assertThat(Examples.ROTATED.type()).isEqualTo("org.keyrotation.clientkey.rotated.v1");
        assertThat(Examples.ROTATED.id()).isEqualTo("0b5c8f2e");
        assertThat(Examples.ROTATED.credential()).isEqualTo(Examples.CREDENTIAL);
        assertThat(Examples.ROTATED.time()).isEqualTo(Examples.ROTATED.generatedAt());
    }

    @Test
    void aFailureIsACloudEvent() {
        assertThat(Examples.FAILED.type()).isEqualTo("org.keyrotation.clientkey.rotation-failed.v1");
        assertThat(Examples.FAILED.id()).isEqualTo("0b5c8f2e");
        assertThat(Examples.FAILED.credential()).isEqualTo(Examples.CREDENTIAL);
        assertThat(Examples.FAILED.time()).isEqualTo(Examples.FAILED.failedAt());
    }

    @Test
    void aSatisfiedRequestIsACloudEvent() {
        assertThat(Examples.SATISFIED.type()).isEqualTo("org.keyrotation.clientkey.request-satisfied.v1");
        assertThat(Examples.SATISFIED.id()).isEqualTo("0b5c8f2e");
        assertThat(Examples.SATISFIED.credential()).isEqualTo(Examples.CREDENTIAL);
        assertThat(Examples.SATISFIED.time()).isEqualTo(Examples.SATISFIED.satisfiedAt());
    }

    @Test
    void anEventOfAnOlderVersionSaysNeitherWhoRequestedItNorWhy() throws IOException {
        ObjectNode rotated = withoutAuthor(Examples.ROTATED);
        ObjectNode failed = withoutAuthor(Examples.FAILED);

        ClientKeyRotated readKey = Json.mapper().treeToValue(rotated, ClientKeyRotated.class);
        RotationFailed readFailure = Json.mapper().treeToValue(failed, RotationFailed.class);

        assertThat(readKey.requestedAt()).isNull();
        assertThat(readKey.forced()).isFalse();
        assertThat(readFailure.requestedAt()).isNull();
        assertThat(readFailure.forced()).isNull();
        assertThat(Schemas.violations(Schemas.ROTATED, rotated)).isEmpty();
        assertThat(Schemas.violations(Schemas.FAILED, failed)).isEmpty();
    }

    private static ObjectNode withoutAuthor(RotationEvent event) {
        ObjectNode json = Json.mapper().valueToTree(event);
        return json.without(List.of("reason", "requestedBy", "requestedAt", "forced"));
    }

    @Test
    void aSatisfiedRequestNamesEveryInvalidField() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RequestSatisfied(
                        "r-1",
                        "AcmeCorp",
                        "",
                        Examples.SEVEN,
                        "test_CANARY",
                        Examples.SEVEN,
                        "x".repeat(501),
                        null,
                        Examples.SEVEN))
                .withMessageMatching("apiCredentialId: .*; reason: .*; keyFingerprint: .*")
                .withMessageNotContaining("CANARY");
    }

    @Test
    void aFailureWithoutARequestIdIsIdentifiedByItsSource() {
        assertThat(Examples.failed(null, "", Examples.SOURCE, null).id()).isEqualTo("rotation.requests-3-1042");
        assertThat(Examples.failed(null, "", null, null).id()).isEqualTo("unknown");
    }

    @Test
    void aFailureWithHalfACredentialHasNoCredential() {
        RotationFailed failed = new RotationFailed(
                null,
                "AcmeCorp",
                null,
                FailureCode.INVALID_REQUEST,
                "",
                false,
                0,
                Examples.SEVEN,
                null,
                null,
                null,
                null,
                null,
                null,
                null);

        assertThat(failed.credential()).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"sha256:0000000000000000", "sha256:A09C13C9B22E2021", "a09c13c9b22e2021", ""})
    void theFingerprintMustMatchTheKey(String fingerprint) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> rotated(fingerprint, null))
                .withMessageMatching("keyFingerprint: .*, expected .*");
    }

    @Test
    void theFingerprintOfThePreviousKeyMustBeValid() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> rotated(Examples.KEY.fingerprint(), "test_CANARY"))
                .withMessage("previousKeyFingerprint: invalid value of length 11, "
                        + "expected sha256: and 16 lower-case hex digits");
    }

    @Test
    void aResponseOfAnyLengthFitsIntoAnEvent() throws IOException {
        String endless = "\uD800" + "🔑".repeat(1_000_000);
        ApiProblem problem = new ApiProblem(endless, endless, endless, endless, 500, endless);
        RotationFailed failed = new RotationFailed(
                null,
                null,
                null,
                FailureCode.GAVE_UP,
                endless,
                true,
                9,
                Examples.SEVEN,
                null,
                null,
                null,
                null,
                problem,
                null,
                endless);
        byte[] json = Json.mapper().writeValueAsBytes(failed);

        assertThat(failed.detail()).hasSize(1_000).startsWith("?🔑");
        assertThat(json).hasSizeLessThan(64 * 1_024);
        assertThat(Json.mapper().readValue(json, RotationFailed.class)).isEqualTo(failed);
        assertThat(Schemas.violations(Schemas.FAILED, new String(json, UTF_8))).isEmpty();
    }

    @Test
    void theFirstBytesOfAnyRecordBecomeText() {
        byte[] large = "é".repeat(3_000).getBytes(UTF_8);

        assertThat(RotationFailed.firstBytesOf(large)).isEqualTo("é".repeat(2_048));
        assertThat(RotationFailed.firstBytesOf(new byte[] {'a', (byte) 0xFF, 'b'}))
                .isEqualTo("a\uFFFDb");
        assertThat(RotationFailed.firstBytesOf(null)).isNull();
    }

    @ParameterizedTest
    @EnumSource
    void onlyGivingUpIsRetryable(FailureCode code) {
        assertThat(code.retryable()).isEqualTo(code == FailureCode.GAVE_UP);
    }

    @Test
    void aSourceHasNoNegativeNumbers() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RequestSource("t", -1, -1))
                .withMessage("partition: invalid value, expected 0 or more; offset: invalid value, expected 0 or more");
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
                false,
                null,
                null,
                null,
                false);
    }
}
