package org.keyrotation.routes.adoption;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.keyrotation.model.CredentialId;
import org.keyrotation.routes.config.InvalidSettingsException;
import org.keyrotation.routes.config.SettingsReader;

/** The property {@code rotation.adoption.consumers}. */
class ExpectedConsumersTest {

    private static final CredentialId CREDENTIAL = new CredentialId("AcmeCorp", "S2-1");
    private static final CredentialId OTHER = new CredentialId("OtherCorp", "S2-1");

    @Test
    void namesAreExpectedForEveryCredential() {
        ExpectedConsumers expected = read("pos, checkout");

        assertThat(expected.of(CREDENTIAL)).containsExactly("checkout", "pos");
        assertThat(expected.of(OTHER)).containsExactly("checkout", "pos");
    }

    @Test
    void adoptionIsNotFollowedWithoutNames() {
        assertThat(settings("").enabled()).isFalse();
        assertThat(settings("checkout").enabled()).isTrue();
    }

    @Test
    void linesOfAFileAddUp(@TempDir Path directory) throws IOException {
        ExpectedConsumers expected = readFile(directory, "# who\n* = checkout\nAcmeCorp/* = pos, app\nS2-1=pos\n");

        assertThat(expected.names()).containsExactly("app", "checkout", "pos");
        assertThat(expected.of(CREDENTIAL)).containsExactly("app", "checkout", "pos");
        assertThat(expected.of(OTHER)).containsExactly("checkout", "pos");
        assertThat(expected.of(new CredentialId("OtherCorp", "S2-2"))).containsExactly("checkout");
    }

    @Test
    void eachInvalidLineIsAProblem(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("consumers"), "checkout\n[ = pos\n* =\n* = a/b\n* = pos\n");

        assertThat(problems("file:" + file))
                .hasSize(4)
                .allMatch(problem -> problem.startsWith("rotation.adoption.consumers: " + file + ", line "))
                .anyMatch(problem -> problem.contains("line 1: invalid line 'checkout', expected a glob pattern"))
                .anyMatch(problem -> problem.contains("line 4: invalid name 'a/b', expected names of consumers"));
    }

    @Test
    void missingFileIsAProblem(@TempDir Path directory) {
        Path missing = directory.resolve("missing");

        assertThat(problems("file:" + missing))
                .containsExactly("rotation.adoption.consumers: the file " + missing
                        + " cannot be read, expected a readable UTF-8 file with glob = name, name a line");
    }

    private static ExpectedConsumers readFile(Path directory, String text) throws IOException {
        return read("file:" + Files.writeString(directory.resolve("consumers"), text));
    }

    private static ExpectedConsumers read(String value) {
        return settings(value).expected();
    }

    private static AdoptionSettings settings(String value) {
        SettingsReader in = reader(value);
        AdoptionSettings settings = AdoptionSettings.read(in, Duration.ofHours(24));
        in.throwIfInvalid(List.of());
        return settings;
    }

    private static List<String> problems(String value) {
        return catchThrowableOfType(InvalidSettingsException.class, () -> settings(value))
                .problems();
    }

    private static SettingsReader reader(String value) {
        return SettingsReader.of(value.isEmpty() ? Map.of() : Map.of("rotation.adoption.consumers", value));
    }
}
