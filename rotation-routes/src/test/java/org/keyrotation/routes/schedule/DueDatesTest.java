package org.keyrotation.routes.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.keyrotation.model.CredentialId;
import org.keyrotation.routes.config.SettingsReader;
import org.keyrotation.routes.ledger.LedgerEntry;

class DueDatesTest {

    private static final Instant SEEN = Instant.parse("2026-11-23T07:00:00Z");
    private static final LedgerEntry ENTRY = LedgerEntry.firstSeen(SEEN);

    private final List<String> problems = new ArrayList<>();

    @Test
    void onlyCredentialsThatTheScheduleNamesHaveADueDate(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("targets"), "AcmeCorp/S2-3\nno credential\n");
        DueDates fromList = dueDates("targets", "AcmeCorp/S2-1", "companies", "OtherCorp", "exclude", "S2-9");
        DueDates fromFile = dueDates("targets", "file:" + file);

        assertThat(dueAt(fromList, "AcmeCorp/S2-1")).isEqualTo(SEEN.plus(Duration.ofDays(90)));
        assertThat(dueAt(fromList, "OtherCorp/S2-2")).isNotNull();
        assertThat(dueAt(fromList, "AcmeCorp/S2-2")).isNull();
        assertThat(dueAt(fromList, "OtherCorp/S2-9")).isNull();
        assertThat(dueAt(fromFile, "AcmeCorp/S2-3")).isNotNull();
        assertThat(problems).singleElement().asString().contains("line 2: invalid target 'no credential'");
    }

    @Test
    void nothingIsDueWithoutAScheduleOrAnEntry() {
        DueDates named = dueDates("targets", "AcmeCorp/S2-1", "first-rotation", "now");

        assertThat(dueAt(dueDates(), "AcmeCorp/S2-1")).isNull();
        assertThat(named.dueAt(CredentialId.parse("AcmeCorp/S2-1"), LedgerEntry.UNSEEN, SEEN))
                .isNull();
        assertThat(dueAt(named, "AcmeCorp/S2-1")).isEqualTo(SEEN);
    }

    @Test
    void aCredentialIsOverdueOnceItHasBeenDueForADay() {
        assertThat(DueDates.isOverdue(SEEN, SEEN.plus(Duration.ofDays(1)).minusNanos(1)))
                .isFalse();
        assertThat(DueDates.isOverdue(SEEN, SEEN.plus(Duration.ofDays(1)))).isTrue();
    }

    private DueDates dueDates(String... namesAndValues) {
        Map<String, String> properties = new HashMap<>(Map.of("rotation.schedule.spread", "PT0S"));
        for (int i = 0; i < namesAndValues.length; i += 2) {
            properties.put("rotation.schedule." + namesAndValues[i], namesAndValues[i + 1]);
        }
        return DueDates.of(ScheduleSettings.read(SettingsReader.of(properties)), problems);
    }

    private static @Nullable Instant dueAt(DueDates dates, String credential) {
        return dates.dueAt(CredentialId.parse(credential), ENTRY, SEEN);
    }
}
