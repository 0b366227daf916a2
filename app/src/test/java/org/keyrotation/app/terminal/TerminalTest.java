package org.keyrotation.app.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import picocli.CommandLine.Help.Ansi;

class TerminalTest {

    @Test
    void dumbTerminalHasNoColours() {
        assertThat(Terminal.colours("dumb")).isEqualTo(Ansi.OFF);
        assertThat(Terminal.colours("")).isEqualTo(Ansi.OFF);
        assertThat(Terminal.colours(null)).isEqualTo(Ansi.OFF);
        assertThat(Terminal.colours("xterm")).isEqualTo(Ansi.AUTO);
    }
}
