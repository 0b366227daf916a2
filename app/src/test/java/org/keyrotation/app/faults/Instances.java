package org.keyrotation.app.faults;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import org.awaitility.Awaitility;

/** Some instances in one group; one that ends is replaced at once. */
final class Instances implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofMinutes(3);

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
                .atMost(PATIENCE)
                .until(() -> running.stream().filter(Instance::isReady).count() >= atLeast);
    }

    int count() {
        return running.size();
    }

    void kill() {
        int victim = victim();
        running.get(victim).close();
        running.set(victim, starter.get());
    }

    /** None is left, for as long as a start takes. */
    void killAll() {
        running.forEach(Instance::close);
        running.replaceAll(gone -> starter.get());
    }

    /** In good order: the group is rebalanced twice. */
    void restart() {
        int victim = victim();
        running.get(victim).stop();
        running.set(victim, starter.get());
    }

    /** All at once, in good order, and for good. */
    void stop() {
        awaitThawed();
        running.parallelStream().forEach(Instance::stop);
        running.clear();
    }

    /** For longer than its session lasts, while the others go on. */
    void freeze() {
        running.get(victim()).freeze(FaultTestFixture.SESSION_TIMEOUT.plusMillis(2_000 + random.nextInt(2_000)));
    }

    void awaitThawed() {
        running.forEach(Instance::awaitThawed);
    }

    /** One that is ready and not frozen, where there is one. */
    private int victim() {
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
