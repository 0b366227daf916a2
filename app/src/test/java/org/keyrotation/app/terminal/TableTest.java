package org.keyrotation.app.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.keyrotation.app.terminal.Table.Coloured;
import picocli.CommandLine.Help.Ansi;

class TableTest {

    @Test
    void columnsAreAsWideAsTheirLongestCell() {
        Table table = new Table("CREDENTIAL", "STATE");
        table.add("AcmeCorp/S2-1", null);

        assertThat(table).hasToString("CREDENTIAL     STATE\nAcmeCorp/S2-1  -\n");
    }

    @Test
    void noLineEndsWithBlanks() {
        Table table = new Table("AcmeCorp/S2-1", "");
        table.add("State", "FRESH");

        assertThat(table).hasToString("AcmeCorp/S2-1\nState          FRESH\n");
    }

    @Test
    void textOfStrangersIsNeitherControlNorMarkup() {
        Table table = new Table("REASON");
        table.add("\u001b[2J\u202egnp\n");
        table.add("@|red alarm|@ and @|open");

        assertThat(table.render(Ansi.ON)).isEqualTo("REASON\n?[2J?gnp?\n@|red alarm|@ and @|open\n");
    }

    @Test
    void coloursComeOnTopOfTheTextAndDoNotCountAsWidth() {
        Table table = new Table("STATE", "SINCE");
        table.add(Coloured.alarm("FAILED"), "now");

        assertThat(table.render(Ansi.OFF)).isEqualTo("STATE   SINCE\nFAILED  now\n");
        assertThat(table.render(Ansi.ON)).contains("\u001b[").contains("FAILED").contains("  now\n");
    }

    @Test
    void aLineThatFitsIsNotLongerThanItsWidthAndSaysThatItIsCut() {
        Table table = new Table("CREDENTIAL", "DETAIL").fit(40);
        table.add("AcmeCorp/S2-1", "a detail that is a good deal longer than the line");
        table.add("AcmeCorp/S2-2", "a short one");

        assertThat(table.toString().lines())
                .contains("AcmeCorp/S2-1  a detail that is a goo...", "AcmeCorp/S2-2  a short one")
                .allMatch(line -> line.length() <= 40);
    }

    @Test
    void aCutCellKeepsItsFirstCharacters() {
        Table table = new Table("CREDENTIAL", "DETAIL").fit(20);
        table.add("a credential with a long name", "a detail that is a good deal longer than the line");

        assertThat(table.toString()).contains("a detail that is ...");
    }
}
