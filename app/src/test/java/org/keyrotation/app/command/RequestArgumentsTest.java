package org.keyrotation.app.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.keyrotation.app.CommandResult;
import picocli.CommandLine;

/** Arguments that are wrong before anything is read. */
@ResourceLock(Resources.SYSTEM_ERR)
class RequestArgumentsTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "rotate A/1 --reason x --limit 0 | argument --limit: invalid value '0', expected a number of at least 1",
                "rotate A/1 --reason x --limit two | argument --limit: invalid value 'two', expected a number of at least 1",
                "rotate A/1 --reason x --wait=24h | argument --wait: invalid value '24h', expected an ISO-8601 duration of at most",
                "rotate A/1 bad --reason x | argument CREDENTIAL: invalid value 'bad', expected companyId/apiCredentialId, each of at most 100 letters, digits, '.', '_', '@' and '-'",
                "rotate --reason x | no credentials, expected CREDENTIAL..., --company or --file",
                "rotate A/1 | argument --reason: missing value",
                "rotate --company A --match a/b --reason x | argument --match: invalid value 'a/b', expected a glob pattern of apiCredentialIds, such as S2-00*",
                "rotate --company A --match [ --reason x | argument --match: invalid value '[', expected a glob pattern of apiCredentialIds, such as S2-00*",
                "rotate --file /no/such/file --reason x | argument --file: /no/such/file cannot be read (NoSuchFileException), expected a UTF-8 text file",
                "failures --since -P1D | argument --since: missing value, or one that begins with '-'",
                "failures --since=-P1D | argument --since: missing value, or one that begins with '-'",
                "failures --no-such-option | argument --no-such-option: unknown, or an option without its value",
                "warm-up --config x | warm-up: expected bin/key-rotation warm-up, without another argument",
                "replay --code NONE | argument --code: invalid value 'NONE', expected one of MALFORMED_REQUEST"
            })
    void eachIsNamedWithWhatIsExpected(String arguments, String problem) {
        assertThat(problem(arguments.split(" "))).startsWith("Wrong usage: " + problem);
    }

    /** As Java decodes the bytes of an umlaut in the locale C. */
    @ParameterizedTest
    @CsvSource({
        "--reason, rotate A/1 --reason Schl\uFFFD\uFFFDssel",
        "--requested-by, rotate A/1 --reason x --requested-by=J\uFFFD\uFFFDrg",
        "CREDENTIAL, rotate A/1 A/\uFFFD\uFFFD --reason x",
        "--company, failures --company \uFFFD\uFFFD",
        "--file, rotate --file \uFFFD\uFFFD.txt --reason x",
        "--config, status --config \uFFFD\uFFFD.properties",
        "--state, status --state \uFFFD\uFFFD"
    })
    void argumentThatTheLocaleCannotDecodeIsRefused(String name, String arguments) {
        assertThat(problem(arguments.split(" ")))
                .hasLineCount(1)
                .startsWith("Wrong usage: argument " + name + ": the locale of the process cannot decode it (U+FFFD),"
                        + " expected a UTF-8 locale, such as LC_ALL=C.UTF-8; see key-rotation ");
    }

    @Test
    void ofManyBadLinesTheFirstAreShownAndTheRestIsCounted(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("list.txt");
        Files.writeString(file, "bad\n".repeat(250));
        assertThat(problem("rotate", "--reason", "x", "--file", file.toString()))
                .hasLineCount(101)
                .contains(file + ", line 100: invalid target 'bad'")
                .endsWith(file + ": 150 more invalid lines\n");
    }

    @Test
    void textsHaveTheLimitsOfARequest() {
        String tooLong = "x".repeat(501);
        assertThat(problem("rotate", "A/1", "--reason", tooLong))
                .startsWith(
                        "Wrong usage: argument --reason: invalid value of length 501, expected at most 500 characters");
        assertThat(problem("rotate", "A/1", "--reason", "x", "--requested-by", tooLong))
                .startsWith("Wrong usage: argument --requested-by: invalid value of length 501, expected at most 200");
        assertThat(problem("rotate", "A/1", "--reason", " ")).startsWith("Wrong usage: argument --reason: empty");
    }

    @Test
    void waitTakesADurationOnlyAfterAnEqualsSign() {
        assertThat(waitOf("--wait", "A/1")).isEqualTo(Duration.ofHours(1));
        assertThat(waitOf("--wait=PT5M", "A/1")).isEqualTo(Duration.ofMinutes(5));
        assertThat(waitOf("A/1", "--wait")).isEqualTo(Duration.ofHours(1));
        assertThat(waitOf("A/1")).isNull();
    }

    private static @Nullable Duration waitOf(String... arguments) {
        RotateCommand command = new RotateCommand();
        new CommandLine(command)
                .registerConverter(Duration.class, Durations::parse)
                .parseArgs(Stream.concat(Stream.of("--reason", "x"), Stream.of(arguments))
                        .toArray(String[]::new));
        return command.options().wait;
    }

    private static String problem(String... arguments) {
        CommandResult result = CommandResult.of(arguments);
        assertThat(result.exit()).isEqualTo(ExitStatus.WRONG_USAGE);
        return result.err();
    }
}
