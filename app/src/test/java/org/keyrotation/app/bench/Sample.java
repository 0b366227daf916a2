package org.keyrotation.app.bench;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The measurements of one run.
 *
 * @param figures by name, in the order of the table
 * @param problems reasons why the run is invalid
 */
record Sample(Map<String, Double> figures, List<String> problems) {

    static final class Builder {
        private final Map<String, Double> figures = new LinkedHashMap<>();

        Builder with(String name, double figure) {
            figures.put(name, figure);
            return this;
        }

        Sample build(List<String> problems) {
            return new Sample(figures, problems);
        }
    }
}
