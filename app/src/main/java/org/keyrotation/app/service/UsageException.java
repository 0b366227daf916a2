package org.keyrotation.app.service;

import java.util.List;

/** Thrown if an argument, the configuration file or a setting of the app is invalid. It lists every problem; the app prints one a line. */
public final class UsageException extends RuntimeException {

    private final transient List<String> problems;

    public UsageException(String problem) {
        this(List.of(problem));
    }

    public UsageException(List<String> problems) {
        super(String.join("; ", problems));
        this.problems = List.copyOf(problems);
    }

    /** The problems, one line each. */
    public List<String> problems() {
        return problems;
    }
}
