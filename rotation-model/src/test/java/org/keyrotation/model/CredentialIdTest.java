package org.keyrotation.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CredentialIdTest {

    @Test
    void theTextIsTheKafkaKeyAndParsesBack() {
        assertThat(Examples.CREDENTIAL).hasToString("AcmeCorp/S2-6262224667");
        assertThat(CredentialId.parse("AcmeCorp/S2-6262224667")).isEqualTo(Examples.CREDENTIAL);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "CANARY", "/CANARY", "CANARY/", "CANARY/b/c", "../CANARY", "CANARY/b ", " CANARY/b"})
    void otherTextIsRejectedWithoutQuotes(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CredentialId.parse(text))
                .withMessageNotContaining("CANARY");
    }
}
