package org.keyrotation.sandbox;

import java.time.Duration;
import java.util.Random;

/** The latency of the API: constant, except for a share of slow calls. */
final class Latency {

    private final Random random = new Random(1);
    private Duration usual = Duration.ZERO;
    private Duration slow = Duration.ZERO;
    private double share;

    synchronized void setUsual(Duration latency) {
        usual = latency;
    }

    synchronized void setTail(double newShare, Duration latency) {
        share = newShare;
        slow = latency;
    }

    synchronized Duration next() {
        return share > 0 && random.nextDouble() < share ? slow : usual;
    }
}
