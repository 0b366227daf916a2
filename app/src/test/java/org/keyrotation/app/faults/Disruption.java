package org.keyrotation.app.faults;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** What is done to instances. */
enum Disruption {
    KILL,
    KILL_ALL,
    PAUSE,
    RESTART;

    private static final int KILLS_TO_ONE_OF_ALL = 10;

    void befall(Instances instances) {
        switch (this) {
            case KILL -> instances.kill();
            case KILL_ALL -> instances.killAll();
            case PAUSE -> instances.freeze();
            case RESTART -> instances.restart();
        }
    }

    /** In any order; one kill in ten is one of every instance. */
    static List<Disruption> schedule(FaultScenarioSettings settings, Random random) {
        int all = settings.kills() / KILLS_TO_ONE_OF_ALL;
        List<Disruption> schedule = new ArrayList<>(Collections.nCopies(all, KILL_ALL));
        schedule.addAll(Collections.nCopies(settings.kills() - all, KILL));
        schedule.addAll(Collections.nCopies(settings.pauses(), PAUSE));
        schedule.addAll(Collections.nCopies(settings.restarts(), RESTART));
        Collections.shuffle(schedule, random);
        return schedule;
    }
}
