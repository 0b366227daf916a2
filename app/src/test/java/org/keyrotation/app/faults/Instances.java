package org.keyrotation.app.faults;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;

/** The instances of one group. A new instance of its starter replaces each one that ends. */
final class Instances implements AutoCloseable {

    private static final Duration TIMEOUT = Duration.ofMinutes(3);

    private final List<Supplier<Instance>> starters;
    private final Random random;
    private final List<Instance> running = new ArrayList<>();

    /** Starts one instance of each starter. */
    Instances(List<Supplier<Instance>> starters, Random random) {
        this.starters = starters;
        this.random = random;
        starters.forEach(starter -> running.add(starter.get()));
    }

    /** Waits until all instances but one are ready. */
    void awaitReady() {
        int atLeast = Math.max(1, running.size() - 1);
        Awaitility.await(atLeast + " instances ready")
                .atMost(TIMEOUT)
                .until(() -> running.stream().filter(Instance::isReady).count() >= atLeast);
    }

    void kill() {
        int victim = pickVictim();
        running.get(victim).close();
        start(victim);
    }

    /** Leaves the group without a member until the new instances have started. */
    void killAll() {
        running.forEach(Instance::close);
        IntStream.range(0, running.size()).forEach(this::start);
    }

    /** Restarts one instance gracefully, which rebalances the group twice. */
    void restart() {
        int victim = pickVictim();
        running.get(victim).stop();
        start(victim);
    }

    private void start(int index) {
        running.set(index, starters.get(index).get());
    }

    /** Stops all instances gracefully. */
    void stop() {
        awaitThawed();
        running.parallelStream().forEach(Instance::stop);
        running.clear();
    }

    /** Freezes one instance for longer than its session timeout, and perhaps than a lease; the others continue. */
    void freeze() {
        running.get(pickVictim()).freeze(FaultTestFixture.SESSION_TIMEOUT.plusMillis(2_000 + random.nextInt(4_000)));
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
