package org.keyrotation.app.faults;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import org.awaitility.Awaitility;

/** The instances of one group. A new instance replaces each one that ends. */
final class Instances implements AutoCloseable {

    private static final Duration TIMEOUT = Duration.ofMinutes(3);

    private final Supplier<Instance> starter;
    private final Random random;
    private final List<Instance> running = new ArrayList<>();

    Instances(int count, Supplier<Instance> starter, Random random) {
        this.starter = starter;
        this.random = random;
        for (int i = 0; i < count; i++) {
            running.add(starter.get());
        }
    }

    void awaitReady(long atLeast) {
        Awaitility.await(atLeast + " instances ready")
                .atMost(TIMEOUT)
                .until(() -> running.stream().filter(Instance::isReady).count() >= atLeast);
    }

    int count() {
        return running.size();
    }

    void kill() {
        int victim = pickVictim();
        running.get(victim).close();
        running.set(victim, starter.get());
    }

    /** Leaves the group without a member until the new instances have started. */
    void killAll() {
        running.forEach(Instance::close);
        running.replaceAll(killed -> starter.get());
    }

    /** Restarts one instance gracefully, which rebalances the group twice. */
    void restart() {
        int victim = pickVictim();
        running.get(victim).stop();
        running.set(victim, starter.get());
    }

    /** Stops all instances gracefully. */
    void stop() {
        awaitThawed();
        running.parallelStream().forEach(Instance::stop);
        running.clear();
    }

    /** Freezes one instance for longer than its session timeout; the others continue. */
    void freeze() {
        running.get(pickVictim()).freeze(FaultTestFixture.SESSION_TIMEOUT.plusMillis(2_000 + random.nextInt(2_000)));
    }

    void awaitThawed() {
        running.forEach(Instance::awaitThawed);
    }

    /** Picks a ready instance that is not frozen, if there is one. */
    private int pickVictim() {
        int first = random.nextInt(running.size());
        for (int i = 0; i < running.size(); i++) {
            int candidate = (first + i) % running.size();
            if (running.get(candidate).isReady() && !running.get(candidate).isFrozen()) {
                return candidate;
            }
        }
        running.get(first).awaitThawed();
        return first;
    }

    @Override
    public void close() {
        awaitThawed();
        running.forEach(Instance::close);
    }
}
