package org.keyrotation.app.bench;

import java.util.Arrays;

final class Statistics {

    private Statistics() {}

    /** The median; with an even number of values the mean of the middle two. */
    static double median(double... values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int last = sorted.length - 1;
        return sorted.length == 0 ? Double.NaN : (sorted[last / 2] + sorted[last - last / 2]) / 2;
    }

    /** The percentile by nearest rank. */
    static double percentile(double[] values, int percent) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int rank = (int) Math.ceil(percent / 100.0 * sorted.length);
        return sorted.length == 0 ? Double.NaN : sorted[Math.max(0, rank - 1)];
    }
}
