package org.keyrotation.app.faults;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** A disruption of the running instances. */
enum Disruption {
    KILL,
    KILL_ALL,
    PAUSE,
    RESTART;

    private static final int KILLS_PER_KILL_OF_ALL = 10;

    void apply(Instances instances) {
        switch (this) {
            case KILL -> instances.kill();
            case KILL_ALL -> instances.killAll();
            case PAUSE -> instances.freeze();
            case RESTART -> instances.restart();
        }
    }

    /** A random order. One kill in ten is a kill of all instances. */
    static List<Disruption> schedule(FaultScenarioSettings settings, Random random) {
        int killsOfAll = settings.kills() / KILLS_PER_KILL_OF_ALL;
        List<Disruption> schedule = new ArrayList<>(Collections.nCopies(killsOfAll, KILL_ALL));
        schedule.addAll(Collections.nCopies(settings.kills() - killsOfAll, KILL));
        schedule.addAll(Collections.nCopies(settings.pauses(), PAUSE));
        schedule.addAll(Collections.nCopies(settings.restarts(), RESTART));
        Collections.shuffle(schedule, random);
        return schedule;
    }
}
