package org.keyrotation.app.service;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The configuration file, as editors leave it. */
class ConfigFileTest {

    private final Path path;

    ConfigFileTest(@TempDir Path directory) {
        this.path = directory.resolve("rotation.properties");
    }

    @Test
    void byteOrderMarkIsNoPartOfTheFirstName() throws IOException {
        ConfigFile file = file("\uFEFFthe.first=1\nthe.second=2", UTF_8);

        assertThat(file.get("the.first")).isEqualTo("1");
        assertThat(file.misspeltNames(Map.of())).isEmpty();
    }

    @Test
    void anyLineEndEndsALine() throws IOException {
        ConfigFile file = file("the.first=1\rthe.second=2\r\nthe.third=3\nthe.fourth=4", UTF_8);

        assertThat(List.of("the.first", "the.second", "the.third", "the.fourth"))
                .extracting(file::get)
                .containsExactly("1", "2", "3", "4");
    }

    @Test
    void whiteSpaceAroundAValueIsNoPartOfIt() throws IOException {
        assertThat(file("the.value=\u00a0v w\u3000 \t\n", UTF_8).get("the.value"))
                .isEqualTo("v w");
    }

    @Test
    void backslashBeforeBracesStays() throws IOException {
        ConfigFile file = file("the.first=a\\{{b\\}}c\nthe.second=a\\\\{{b\nthe.third=\\u0061{{b}}", UTF_8);

        assertThat(file.get("the.first")).isEqualTo("a\\{{b\\}}c");
        assertThat(file.get("the.second")).isEqualTo("a\\{{b");
        assertThat(file.get("the.third")).isEqualTo("a{{b}}");
    }

    @Test
    void otherEncodingIsRefused() {
        for (Charset other : List.of(UTF_16, UTF_16LE, UTF_16BE, ISO_8859_1)) {
            assertThatThrownBy(() -> file("the.key=\u00e4", other))
                    .isInstanceOf(UsageException.class)
                    .hasMessageContaining("cannot be read")
                    .hasMessageContaining("expected a readable UTF-8 properties file");
        }
    }

    @Test
    void namesWithInvisibleCharactersAreFoundInAllSources() throws IOException {
        ConfigFile file = file("a=1\n\uFEFFrotation.schedule.paused=true\ncamel.ssl.\u200bkeystore=a", UTF_8);
        System.setProperty("rotation.overlap\u00a0", "PT1H");
        try {
            assertThat(file.misspeltNames(Map.of("\u2060ROTATION_API_KEY", "k")))
                    .extracting(problem -> problem.replaceAll(": .*character (\\S+), .*", " $1"))
                    .containsExactlyInAnyOrder(
                            "rotation.schedule.paused U+FEFF",
                            "camel.ssl.keystore U+200B",
                            "rotation.overlap U+00A0",
                            "ROTATION_API_KEY U+2060");
        } finally {
            System.clearProperty("rotation.overlap\u00a0");
        }
    }

    private ConfigFile file(String text, Charset charset) throws IOException {
        return ConfigFile.of(Files.writeString(path, text, charset), null);
    }
}
