package org.keyrotation.app.command;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.StringReader;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.keyrotation.model.CredentialId;
import org.keyrotation.routes.RotationSettings;
import org.keyrotation.routes.api.ApiSettings;

class ConfirmationTest {

    private static final String LIVE = "https://management-live.adyen.com/v3";
    private static final String TEST = "https://management-test.adyen.com/v3";

    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void theNumberConfirmsRotationsOfTheLiveApi() {
        confirmation("7\n").require(api(LIVE), credentials(7), false, false);

        assertThat(err.toString(UTF_8).lines())
                .containsExactly(
                        "7 rotations at management-live.adyen.com:",
                        "  AcmeCorp/S2-1",
                        "  AcmeCorp/S2-2",
                        "  AcmeCorp/S2-3",
                        "  AcmeCorp/S2-4",
                        "  AcmeCorp/S2-5",
                        "  and 2 more",
                        "Type the number of rotations to request them: ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"y\n", "yes\n", "8\n", "\n", ""})
    void anythingElseDoesNot(String answer) {
        assertNotConfirmed(answer, LIVE, 7, false, false);
    }

    @Test
    void withoutATerminalOnlyTheOptionDoes() {
        assertNotConfirmed(null, LIVE, 2, false, false);
        confirmation(null).require(api(LIVE), credentials(2), false, true);
    }

    @ParameterizedTest
    @CsvSource({
        LIVE + ",                          1, false, false",
        LIVE + ",                          2, false, true",
        LIVE + ",                          1, true,  true",
        "https://adyen-gateway.example/v3, 2, false, true",
        TEST + ",                          9, false, false",
        TEST + ",                          1, true,  true",
        "http://127.0.0.1:8089/v3,         9, false, false",
        "http://localhost/v3,              9, false, false"
    })
    void severalOnAnyApiThatIsNoTestOneAndForcedOnesNeedAConfirmation(
            String url, int count, boolean force, boolean isAsked) {
        if (isAsked) {
            assertNotConfirmed(null, url, count, force, false);
        } else {
            confirmation(null).require(api(url), credentials(count), force, false);
            assertThat(err.toString(UTF_8)).isEmpty();
        }
    }

    @Test
    void forcedRotationsOfKeysThatAreNotAdoptedNeedTheNumberOnceMore() {
        Map<CredentialId, List<String>> pending =
                Map.of(new CredentialId("AcmeCorp", "S2-1"), List.of("checkout", "pos"));

        confirmation("2\n").requireDespite(pending, 2, false);
        confirmation(null).requireDespite(Map.of(), 2, false);
        confirmation(null).requireDespite(pending, 2, true);

        assertThat(err.toString(UTF_8))
                .contains("  AcmeCorp/S2-1: checkout, pos\n")
                .contains("once more");
        assertThatThrownBy(() -> confirmation("1\n").requireDespite(pending, 2, false))
                .hasMessageContaining("Not confirmed: ");
    }

    private void assertNotConfirmed(@Nullable String answer, String url, int count, boolean force, boolean yes) {
        assertThatThrownBy(() -> confirmation(answer).require(api(url), credentials(count), force, yes))
                .isInstanceOfSatisfying(
                        CommandException.class, e -> assertThat(e.exitStatus()).isEqualTo(ExitStatus.NOT_CONFIRMED))
                .hasMessageContaining("Not confirmed: ");
    }

    private Confirmation confirmation(@Nullable String answer) {
        return new Confirmation(
                answer == null ? null : new BufferedReader(new StringReader(answer)),
                new PrintStream(err, true, UTF_8));
    }

    private static ApiSettings api(String url) {
        return RotationSettings.of(Map.of("rotation.api.base-url", url, "rotation.api.key", "any"))
                .api();
    }

    private static List<CredentialId> credentials(int count) {
        return IntStream.rangeClosed(1, count)
                .mapToObj(number -> new CredentialId("AcmeCorp", "S2-" + number))
                .toList();
    }
}
