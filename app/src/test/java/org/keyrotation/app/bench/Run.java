package org.keyrotation.app.bench;

import java.util.stream.Stream;

/**
 * A run and what it measured.
 *
 * @param benchmark start of the benchmark that the run belongs to
 * @param jvm version of the implementation's JVM
 * @param scenario name of the scenario
 */
record Run(String benchmark, String jvm, String scenario, int round, Implementation implementation, Sample sample) {

    String name() {
        return scenario + ", " + implementation + ", round " + round;
    }

    Stream<String> problems() {
        return sample.problems().stream().map(problem -> "INVALID RUN: " + name() + ": " + problem);
    }
}
