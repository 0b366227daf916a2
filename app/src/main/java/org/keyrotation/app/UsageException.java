package org.keyrotation.app;

import java.util.List;

/** An argument, a file or a setting of the app's own cannot be used; a line for each says why, and what is allowed. */
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
