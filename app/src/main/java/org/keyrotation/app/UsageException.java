package org.keyrotation.app;

import java.util.List;

/** Thrown if an argument, the configuration file or a setting of the app is invalid. It lists every problem; the app prints one a line. */
final class UsageException extends RuntimeException {

    private final transient List<String> problems;

    UsageException(String problem) {
        this(List.of(problem));
    }

    UsageException(List<String> problems) {
        super(String.join("; ", problems));
        this.problems = List.copyOf(problems);
    }

    List<String> problems() {
        return problems;
    }
}
