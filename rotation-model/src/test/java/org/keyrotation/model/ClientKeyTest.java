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

    static Stream<String> valuesThatAreNoKeys() {
        return Stream.of("", " ", "test CANARY", "test_CANARY\n", "tést_CANARY", "CANARY".repeat(100));
    }

    @Test
    void the_fingerprint_is_the_beginning_of_the_SHA_256() {
        assertThat(new ClientKey("test").fingerprint()).isEqualTo("sha256:9f86d081884c7d65");
    }

    @ParameterizedTest
    @MethodSource("recordsWithAKey")
    void no_record_prints_the_key_that_it_holds(Record withKey) {
        assertThat(withKey.toString())
                .contains(Examples.KEY.fingerprint())
                .doesNotContain(Examples.KEY.value())
                .doesNotContain("870be2a3");
    }

    @ParameterizedTest
    @MethodSource("valuesThatAreNoKeys")
    void what_cannot_be_a_key_is_refused_without_being_quoted(String value) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ClientKey(value))
                .withMessage("clientKey must be 1 to 500 printable ASCII characters without spaces");
    }

    @ParameterizedTest
    @ValueSource(strings = {"!", "test_870BE2A3D4F147ECAC18AB06AEA4CBD1", "live~key"})
    void keys_may_have_these_shapes(String value) {
        assertThat(new ClientKey(value).value()).isEqualTo(value);
    }
}
