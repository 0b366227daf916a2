package org.keyrotation.app.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.keyrotation.model.CredentialId;
import org.keyrotation.model.FailureCode;
import org.keyrotation.model.OpenFailure;
import org.keyrotation.model.RequestReport;
import org.keyrotation.model.RequestReport.Outcome;

/** The tables of commands fit a terminal of 80 columns. */
class WidthTest {

    private static final Instant NOW = Instant.parse("2026-11-23T07:00:00Z");
    private static final String LONG = "a key was generated less than 24 hours ago ".repeat(4);

    @Test
    void failuresAreCutAndCounted() {
        OpenFailure known = new OpenFailure(
                "r1",
                "AcmeCorp",
                "S2-0001",
                FailureCode.ROTATED_RECENTLY,
                LONG,
                false,
                1,
                NOW,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                1);
        OpenFailure gone = OpenFailure.withoutEvent(new CredentialId("AcmeCorp", "S2-0002"), "r2", NOW, 3);

        String table = FailuresCommand.table(List.of(known, gone), NOW);

        assertThat(table.lines()).allMatch(line -> line.length() <= 80).anyMatch(line -> line.endsWith("..."));
        assertThat(table).endsWith("\n1 ROTATED_RECENTLY, 1 without its event\n");
    }

    @Test
    void outcomesAreCut() {
        String table =
                BulkRequest.outcomeTable(List.of(new RequestReport("r1", "AcmeCorp", "S2-0001", Outcome.FAILED, LONG)));

        assertThat(table.lines()).allMatch(line -> line.length() <= 80).anyMatch(line -> line.endsWith("..."));
    }
}
