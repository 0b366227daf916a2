package org.keyrotation.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClientKeyTest {

    static Stream<Record> recordsWithAKey() {
        return Stream.of(
                Examples.KEY,
                Examples.ROTATED,
                new GenerateClientKeyResponse(Examples.KEY),
                new ApiCredential("S2", "ws", Examples.KEY, List.of(), List.of(), true, null));
    }

    static Stream<String> invalidKeys() {
        return Stream.of("", " ", "test CANARY", "test_CANARY\n", "tést_CANARY", "CANARY".repeat(100));
    }

    @Test
    void theFingerprintIsTheStartOfTheSha256() {
        assertThat(new ClientKey("test").fingerprint()).isEqualTo("sha256:9f86d081884c7d65");
    }

    @ParameterizedTest
    @MethodSource("recordsWithAKey")
    void noRecordPrintsItsKey(Record withKey) {
        assertThat(withKey.toString())
                .contains(Examples.KEY.fingerprint())
                .doesNotContain(Examples.KEY.value())
                .doesNotContain("870be2a3");
    }

    @ParameterizedTest
    @MethodSource("invalidKeys")
    void anInvalidKeyIsRejectedWithoutQuotes(String value) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ClientKey(value))
                .withMessage("clientKey: invalid value, expected 1 to 500 printable ASCII characters without spaces");
    }

    @ParameterizedTest
    @ValueSource(strings = {"!", "test_870BE2A3D4F147ECAC18AB06AEA4CBD1", "live~key"})
    void theseKeysAreValid(String value) {
        assertThat(new ClientKey(value).value()).isEqualTo(value);
    }
}
