package org.keyrotation.app.bench;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The measurements of one run.
 *
 * @param problems reasons why the run is invalid
 */
record Sample(Map<Figure, Double> figures, List<String> problems) {

    static final class Builder {
        private final Map<Figure, Double> figures = new EnumMap<>(Figure.class);

        Builder with(Figure figure, double value) {
            figures.put(figure, value);
            return this;
        }

        Sample build(List<String> problems) {
            return new Sample(figures, problems);
        }
    }
}
