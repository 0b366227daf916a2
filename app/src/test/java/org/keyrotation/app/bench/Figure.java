package org.keyrotation.app.bench;

/** A measurement of a run. */
enum Figure {
    KEYS_PER_SECOND("keys/s"),
    SHARE_OF_MAXIMUM("of the maximum, %"),
    MEAN_CALLS("concurrent calls, mean"),
    MAX_CALLS("concurrent calls, maximum"),
    CPU("CPU, ms per key"),
    FIRST_KEY("first key after, s"),
    PEAK_MEMORY("peak memory, MB"),
    PAGE("answer of the page, median, ms"),
    P50("request to key p50, ms"),
    P99("request to key p99, ms");

    private final String label;

    Figure(String label) {
        this.label = label;
    }

    @Override
    public String toString() {
        return label;
    }
}
