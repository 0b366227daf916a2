package org.keyrotation.routes.schedule;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.keyrotation.model.CredentialId;

/** The lines of a target file, as editors and web pages leave them. */
class TargetFileTest {

    private final Path path;
    private final List<String> problems = new ArrayList<>();

    TargetFileTest(@TempDir Path directory) {
        this.path = directory.resolve("targets");
    }

    @Test
    void byteOrderMarkIsNoPartOfTheFirstTarget() throws IOException {
        assertThat(read("\uFEFFAcmeCorp/S2-1\nAcmeCorp/S2-2", UTF_8)).containsExactly("AcmeCorp/S2-1", "AcmeCorp/S2-2");
        assertThat(problems).isEmpty();
    }

    @Test
    void anyLineEndEndsALine() throws IOException {
        assertThat(read("A/1\rA/2\r\nA/3\n\nA/4\u0085A/5\u2028A/6", UTF_8)).hasSize(6);
        assertThat(problems).isEmpty();
    }

    @Test
    void whiteSpaceAroundATargetIsNoPartOfIt() throws IOException {
        assertThat(read("\u00a0A/1\u3000\n \u00a0\n\t# comment\n", UTF_8)).containsExactly("A/1");
        assertThat(problems).isEmpty();
    }

    @Test
    void invisibleCharacterIsAProblemOfItsLine() throws IOException {
        assertThat(read("A/1\n\u200bA/2\nA/\uFEFF3\r\nA/4", UTF_8)).containsExactly("A/1", "A/4");
        assertThat(problems)
                .containsExactly(
                        path + ", line 2: invalid target '<U+200B>A/2', expected companyId/apiCredentialId",
                        path + ", line 3: invalid target 'A/<U+FEFF>3', expected companyId/apiCredentialId");
    }

    @Test
    void otherEncodingIsAProblemAndKeepsTheTargets() throws IOException {
        TargetFile file = new TargetFile(path);
        Files.writeString(path, "A/1");
        file.read(problems);
        for (Charset other : List.of(UTF_16, UTF_16LE, ISO_8859_1)) {
            Files.writeString(path, "# gr\u00fcn\nA/2", other);

            assertThat(file.read(problems)).extracting(CredentialId::toString).containsExactly("A/1");
        }
        assertThat(problems).hasSize(3).allMatch(problem -> problem.contains("cannot be read as UTF-8 text"));
    }

    private List<String> read(String text, Charset charset) throws IOException {
        Files.writeString(path, text, charset);
        return new TargetFile(path)
                .read(problems).stream().map(CredentialId::toString).toList();
    }
}
