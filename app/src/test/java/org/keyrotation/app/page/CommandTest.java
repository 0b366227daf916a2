package org.keyrotation.app.page;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Arguments as a shell reads them; {@link org.keyrotation.app.PageHttpIT} runs a command in one. */
class CommandTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "AcmeCorp/S2-0001@x.y_z|AcmeCorp/S2-0001@x.y_z",
                "=id|'=id'",
                "two words|'two words'",
                "it's|'it'\\''s'",
                "$(id)|'$(id)'",
                "a;b|'a;b'",
                "~root|'~root'",
                "``|''"
            })
    void argumentsAreQuotedWhereAShellWouldSeeMoreThanText(String argument, String quoted) {
        assertThat(Command.of("", argument).text()).isEqualTo("key-rotation " + quoted);
    }
}
