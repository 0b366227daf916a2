package org.keyrotation.routes.api;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.keyrotation.routes.RotationSettings;
import org.keyrotation.routes.config.InvalidSettingsException;

/** Secrets in files, such as those that Kubernetes mounts and systemd hands over. */
class SecretFileTest {

    private static final String EXPECTED =
            "expected a UTF-8 file that holds printable ASCII characters without spaces, and nothing else";

    private final Path file;

    SecretFileTest(@TempDir Path directory) {
        file = directory.resolve("api-key");
    }

    @ParameterizedTest
    @ValueSource(strings = {"key-1", "key-1\n", "key-1\r\n", " key-1 \n\n"})
    void whiteSpaceAroundTheSecretIsNoPartOfIt(String content) throws IOException {
        Files.writeString(file, content);

        assertThat(valueOf(settings())).isEqualTo("key-1");
    }

    @Test
    void bracesAndBackslashesAreLiteral() throws IOException {
        Files.writeString(file, "a{{env:HOME}}\\{{b#$%[c]");

        assertThat(valueOf(settings())).isEqualTo("a{{env:HOME}}\\{{b#$%[c]");
    }

    @Test
    void usernameAndPasswordOfACompanyCanBeFiles() throws IOException {
        Path password = Files.writeString(file.resolveSibling("password"), "p\n");
        ApiSettings settings = RotationSettings.of(Map.of(
                        "rotation.api.companies.AcmeCorp.username-file",
                                Files.writeString(file, "u\n").toString(),
                        "rotation.api.companies.AcmeCorp.password-file", password.toString()))
                .api();
        assertThat(valueOf(settings)).isEqualTo("Basic dTpw"); // u:p

        Files.writeString(password, "other");

        assertThat(valueOf(settings)).isEqualTo("Basic dTpvdGhlcg=="); // u:other
    }

    @Test
    void rewrittenFileIsReadAgain() throws IOException {
        Files.writeString(file, "key-1\n");
        ApiSettings settings = settings();

        Files.writeString(file, "key-2-is-longer\n");

        assertThat(valueOf(settings)).isEqualTo("key-2-is-longer");
    }

    @Test
    void renamedFileOfTheSameSizeIsReadAgain() throws IOException {
        Files.writeString(file, "key-1");
        ApiSettings settings = settings();
        Path next = Files.writeString(file.resolveSibling("next"), "key-2");
        Files.setLastModifiedTime(next, Files.getLastModifiedTime(file));

        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);

        assertThat(valueOf(settings)).isEqualTo("key-2");
    }

    /** Kubernetes replaces the folder to which the names of a mounted secret lead. */
    @Test
    void fileBehindALinkIsReadAgain() throws IOException {
        Path mount = requireNonNull(file.getParent());
        Files.writeString(Files.createDirectory(mount.resolve("..1")).resolve("api-key"), "key-1");
        Files.writeString(Files.createDirectory(mount.resolve("..2")).resolve("api-key"), "key-2");
        Files.createSymbolicLink(mount.resolve("..data"), Path.of("..1"));
        Files.createSymbolicLink(file, Path.of("..data/api-key"));
        ApiSettings settings = settings();
        assertThat(valueOf(settings)).isEqualTo("key-1");

        Files.move(
                Files.createSymbolicLink(mount.resolve("..data_tmp"), Path.of("..2")),
                mount.resolve("..data"),
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);

        assertThat(valueOf(settings)).isEqualTo("key-2");
    }

    @Test
    void secretStaysWhileTheFileHoldsNoValidOne() throws IOException {
        Files.writeString(file, "key-1");
        ApiSettings settings = settings();
        for (String unusable : new String[] {"", "\n", "two words", "\u0007", "ключ"}) {
            Files.writeString(file, unusable);
            assertThat(valueOf(settings)).isEqualTo("key-1");
        }
        Files.delete(file);
        assertThat(valueOf(settings)).isEqualTo("key-1");

        Files.writeString(file, "another-key");

        assertThat(valueOf(settings)).isEqualTo("another-key");
    }

    @ParameterizedTest
    @ValueSource(strings = {"two words", "\u0007", "ключ"})
    void invalidSecretStopsTheStartAndIsNotShown(String content) throws IOException {
        Files.writeString(file, content);

        assertProblem("the file '%s' holds an invalid value (not shown), %s".formatted(file, EXPECTED));
    }

    @Test
    void fileWithoutASecretStopsTheStart() throws IOException {
        assertProblem("the file '%s' cannot be read (NoSuchFileException), %s".formatted(file, EXPECTED));
        Files.writeString(file, " \n");
        assertProblem("the file '%s' is empty, %s".formatted(file, EXPECTED));
        Files.writeString(file, "x".repeat(65_537));
        assertProblem("the file '%s' holds more than 64 KiB, %s".formatted(file, EXPECTED));
        Files.write(file, "key".getBytes(StandardCharsets.UTF_16));
        assertProblem("the file '%s' cannot be read (MalformedInputException), %s".formatted(file, EXPECTED));
        Files.delete(file);
        Files.createDirectory(file);
        assertProblem("the file '%s' is no regular file, %s".formatted(file, EXPECTED));
    }

    @ParameterizedTest
    @ValueSource(strings = {"AQEy-a-secret-and-no-path", "a\u0000b"})
    void secretInPlaceOfAPathIsNotShown(String path) {
        assertThatThrownBy(() -> settings(path))
                .isInstanceOf(InvalidSettingsException.class)
                .hasMessageContaining("rotation.api.key-file: the file (path not shown) cannot be read")
                .hasMessageNotContaining(path);
    }

    @Test
    void secretIsSetOnce() throws IOException {
        Files.writeString(file, "key-1");

        assertThatThrownBy(() -> RotationSettings.of(
                        Map.of("rotation.api.key", "key-1", "rotation.api.key-file", file.toString())))
                .isInstanceOf(InvalidSettingsException.class)
                .hasMessageContaining(
                        "rotation.api.key-file: set together with rotation.api.key, expected one of them");
    }

    private void assertProblem(String problem) {
        assertThatThrownBy(this::settings)
                .isInstanceOf(InvalidSettingsException.class)
                .hasMessageContaining("rotation.api.key-file: " + problem);
    }

    private ApiSettings settings() {
        return settings(file.toString());
    }

    private static ApiSettings settings(String path) {
        return RotationSettings.of(Map.of("rotation.api.key-file", path)).api();
    }

    private static String valueOf(ApiSettings settings) {
        return requireNonNull(settings.authFor("AcmeCorp")).value();
    }
}
