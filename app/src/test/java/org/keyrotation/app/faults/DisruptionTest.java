package org.keyrotation.app.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The schedule of disruptions. */
class DisruptionTest {

    private static final FaultScenarioSettings SETTINGS =
            FaultScenarioSettings.calm(100, 0, true).disrupted(3, 20, 3, 4);

    @Test
    void scheduleHasTheConfiguredCounts() {
        List<Disruption> schedule = Disruption.schedule(SETTINGS, new Random(1));
        assertThat(schedule).hasSize(27);
        assertThat(Collections.frequency(schedule, Disruption.KILL_ALL)).isEqualTo(2);
        assertThat(Collections.frequency(schedule, Disruption.KILL)).isEqualTo(18);
        assertThat(Collections.frequency(schedule, Disruption.PAUSE)).isEqualTo(3);
        assertThat(Collections.frequency(schedule, Disruption.RESTART)).isEqualTo(4);
    }

    @Test
    void sameSeedGivesTheSameOrder() {
        List<Disruption> schedule = Disruption.schedule(SETTINGS, new Random(7));
        assertThat(Disruption.schedule(SETTINGS, new Random(7))).isEqualTo(schedule);
        assertThat(Disruption.schedule(SETTINGS, new Random(8))).isNotEqualTo(schedule);
    }
}
