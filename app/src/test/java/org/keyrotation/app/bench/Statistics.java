package org.keyrotation.app.bench;

import java.util.Arrays;

final class Statistics {

    private Statistics() {}

    static double median(double... values) {
        return percentile(values, 50);
    }

    /** By the nearest rank. */
    static double percentile(double[] values, int percent) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int rank = (int) Math.ceil(percent / 100.0 * sorted.length);
        return sorted.length == 0 ? Double.NaN : sorted[Math.max(0, rank - 1)];
    }
}
