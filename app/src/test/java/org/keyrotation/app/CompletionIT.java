package org.keyrotation.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The completion scripts of the packaged app, in the shells themselves. */
class CompletionIT {

    private static final List<Path> PATH =
            List.of(Path.of("/bin"), Path.of("/usr/bin"), Path.of("/usr/local/bin"), Path.of("/opt/homebrew/bin"));

    @ParameterizedTest
    @ValueSource(strings = {"bash", "zsh"})
    void commandsAndOptionsAreCompleted(String shell, @TempDir Path directory) throws Exception {
        boolean isInstalled = PATH.stream().anyMatch(bin -> Files.isExecutable(bin.resolve(shell)));
        if (!isInstalled) {
            System.err.println("SKIPPED: the completion in " + shell + " is not tested, it is not installed");
        }
        assumeTrue(isInstalled, shell + " is not installed");
        Path script = Files.writeString(directory.resolve("completion"), script(shell));

        assertThat(complete(shell, script, "key-rotation", "res")).contains("resume");
        assertThat(complete(shell, script, "key-rotation", "pause", "--u")).contains("--until");
        assertThat(complete(shell, script, "key-rotation", "plan", "--once")).doesNotContain("--once");
    }

    @Test
    void anotherShellIsAWrongUsage() {
        try (AppProcess app =
                AppProcess.packaged().arguments("completion", "fish").start()) {
            assertThat(app.exit()).isEqualTo(2);
            assertThat(app.errors())
                    .containsExactly(
                            "Wrong usage: argument bash|zsh: invalid value 'fish', expected one of bash, zsh; see key-rotation completion --help");
        }
    }

    private static String script(String shell) {
        try (AppProcess app =
                AppProcess.packaged().arguments("completion", shell).start()) {
            assertThat(app.exit()).as(app.toString()).isZero();
            assertThat(app.errors()).isEmpty();
            return app.lines().collect(Collectors.joining("\n", "", "\n"));
        }
    }

    /** Returns what the script's function replies for the last of these words. */
    private static List<String> complete(String shell, Path script, String... words) throws IOException {
        String line = String.join(" ", words);
        String program =
                """
                compopt() { :; } # it works while the shell completes a line, and not here
                source '%s'
                COMP_WORDS=(%s); COMP_CWORD=%d; COMP_LINE='%s'; COMP_POINT=%d
                $(complete -p key-rotation | sed 's/.*-F \\([^ ]*\\).*/\\1/')
                printf '%%s\\n' "${COMPREPLY[@]}"
                """
                        .formatted(script, line, words.length - 1, line, line.length());
        Process process = new ProcessBuilder(shell, "-c", program).start();
        assertThat(new String(process.getErrorStream().readAllBytes(), UTF_8)).isEmpty();
        return new String(process.getInputStream().readAllBytes(), UTF_8)
                .lines()
                .toList();
    }
}
