package org.keyrotation.routes.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PrefixTest {

    @ParameterizedTest
    @ValueSource(strings = {"live", "l", "live-2", "a-b-c", "a123456789b123456789c123456789d123456789"})
    void takesWhatCanStandInEveryName(String name) {
        assertThat(new Prefix(name).id("topics")).isEqualTo(name + "-topics");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", " ", "Live", "2live", "-live", "live-", "li--ve", "li.ve", "li_ve", "li:ve", "live\n", "lïve"
            })
    void refusesWhatCannot(String name) {
        assertThatThrownBy(() -> new Prefix(name))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("prefix: invalid value '" + name + "', expected");
    }

    @Test
    void refusesOneThatIsTooLong() {
        assertThatThrownBy(() -> new Prefix("a".repeat(41))).hasMessageContaining("expected 1 to 40");
    }
}
