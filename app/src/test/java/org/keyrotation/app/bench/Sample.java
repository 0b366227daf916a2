package org.keyrotation.app.bench;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What was measured in one run.
 *
 * @param figures by name, in the order in which they are to be shown
 * @param problems where there are any, the figures are not to be believed
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
