package org.keyrotation.model;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.core.JsonProcessingException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeyAcknowledgementTest {

    private static final String VALID =
            """
            {"consumer":"checkout","companyId":"AcmeCorp","apiCredentialId":"S2-1",
             "keyFingerprint":"sha256:0123456789abcdef","at":"2026-11-23T07:00:00Z","unknown":{"a":[1]}}""";

    @Test
    void aWrittenAcknowledgementIsReadAsItWas() throws JsonProcessingException {
        byte[] json = Json.mapper().writeValueAsBytes(Examples.ACKNOWLEDGEMENT);

        assertThat(KeyAcknowledgement.read(json)).isEqualTo(Examples.ACKNOWLEDGEMENT);
    }

    @Test
    void theRecordKeyNamesCredentialAndConsumer() {
        assertThat(read(VALID).recordKey()).isEqualTo("AcmeCorp/S2-1/checkout");
        assertThat(read(VALID).credential()).isEqualTo(new CredentialId("AcmeCorp", "S2-1"));
    }

    @Test
    void theAcknowledgementOfAKeyHasItsFingerprint() {
        KeyAcknowledgement acknowledgement = KeyAcknowledgement.of("checkout", Examples.ROTATED, Examples.SEVEN);

        assertThat(acknowledgement.credential()).isEqualTo(Examples.ROTATED.credential());
        assertThat(acknowledgement.keyFingerprint()).isEqualTo(Examples.KEY.fingerprint());
        assertThat(acknowledgement.at()).isEqualTo(Examples.SEVEN);
    }

    @Test
    void everyInvalidFieldIsNamedAndNoneIsQuoted() {
        String json = VALID.replace("checkout", "a/b")
                .replace("AcmeCorp", "")
                .replace("sha256:0123456789abcdef", "test_870be2a3")
                .replace("\"at\":\"2026-11-23T07:00:00Z\"", "\"instance\":\"" + "x".repeat(201) + "\"");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> read(json))
                .withMessageContainingAll("consumer: ", "companyId: ", "keyFingerprint: ", "at: missing", "instance: ")
                .withMessageNotContaining("test_870be2a3");
    }

    @ParameterizedTest
    @CsvSource({
        "'', The record is empty",
        "[], The record is not exactly one JSON object",
        "'{\"consumer\":1}', consumer: invalid value of type number",
        "'{\"consumer\":\"a\",\"consumer\":\"a\"}', The record repeats a field",
        "please, The record is not valid JSON"
    })
    void aRecordThatIsNoAcknowledgementIsRefusedWithItsReason(String value, String reason) {
        assertThatIllegalArgumentException().isThrownBy(() -> read(value)).withMessageStartingWith(reason);
    }

    @Test
    void aTombstoneIsNoAcknowledgement() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> KeyAcknowledgement.read(null))
                .withMessageStartingWith("The record is a tombstone");
    }

    @Test
    void aLargeRecordIsNotParsed() {
        String json = VALID.replace("[1]", "\"" + "x".repeat(64 * 1024) + "\"");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> read(json))
                .withMessageContaining("expected at most 65536");
    }

    @ParameterizedTest
    @ValueSource(strings = {"consumer", "companyId", "apiCredentialId", "keyFingerprint", "at"})
    void everyFieldButTheInstanceIsRequired(String field) {
        String json = VALID.replace("\"" + field + "\"", "\"other\"");

        assertThatIllegalArgumentException().isThrownBy(() -> read(json)).withMessageContaining(field + ": missing");
    }

    private static KeyAcknowledgement read(String json) {
        return KeyAcknowledgement.read(json.getBytes(UTF_8));
    }
}
