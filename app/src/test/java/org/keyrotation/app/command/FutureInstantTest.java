package org.keyrotation.app.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class FutureInstantTest {

    @ParameterizedTest
    @ValueSource(strings = {"2999-12-24T18:00:00Z", "2999-12-24T19:00:00+01:00"})
    void instantOfTheFutureIsConverted(String text) {
        assertThat(new FutureInstant().convert(text)).isEqualTo(Instant.parse("2999-12-24T18:00:00Z"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "tomorrow",
                "2999-12-24",
                "2999-12-24T18:00:00",
                "2001-01-01T00:00:00Z",
                "-2999-01-01T00:00:00Z",
                "+12026-01-01T00:00:00Z",
                "+1000000000-01-01T00:00:00Z"
            })
    void anythingElseIsRefused(String text) {
        assertThatThrownBy(() -> new FutureInstant().convert(text))
                .isInstanceOf(TypeConversionException.class)
                .hasMessageStartingWith("invalid value '" + text + "', expected an ISO-8601 instant in the future");
    }
}
