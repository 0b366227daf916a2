package org.keyrotation.sandbox;

import java.time.Duration;
import java.util.Random;

/** How long the API takes: the same for all calls, but for a share of slow ones. */
final class Latency {

    private final Random random = new Random(1);
    private Duration usual = Duration.ZERO;
    private Duration slow = Duration.ZERO;
    private double share;

    synchronized void usual(Duration latency) {
        usual = latency;
    }

    synchronized void tail(double shareOfCalls, Duration latency) {
        share = shareOfCalls;
        slow = latency;
    }

    synchronized Duration next() {
        return share > 0 && random.nextDouble() < share ? slow : usual;
    }
}
