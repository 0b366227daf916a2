package org.keyrotation.app.command;

import java.util.List;

/** Thrown to end a command with an exit status and a line per problem. */
final class CommandException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final int exitStatus;
    private final transient List<String> problems;

    CommandException(int exitStatus, String problem) {
        this(exitStatus, List.of(problem));
    }

    CommandException(int exitStatus, List<String> problems) {
        super(String.join("; ", problems), null, false, false);
        this.exitStatus = exitStatus;
        this.problems = List.copyOf(problems);
    }

    int exitStatus() {
        return exitStatus;
    }

    List<String> problems() {
        return problems;
    }
}
